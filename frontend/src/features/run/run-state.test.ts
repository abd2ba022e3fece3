import { describe, expect, test } from "vitest";

import type { Turn } from "@/lib/api/types";

import { fromSnapshot, reduceRun, type LogEvent, type RunState } from "./run-state";
import { play, readLog, upTo } from "./testdata/read-log";

const LOGS = ["review", "troubled"];

/** A turn as a snapshot carries it. */
function withoutDraft(turn: Turn): Turn {
  return { ...turn, draft: undefined };
}

describe.each(LOGS)("the log %s", (name) => {
  const log = readLog(name);

  test("ends in its golden state", async () => {
    const golden = JSON.stringify(play(log), null, 2) + "\n";

    await expect(golden).toMatchFileSnapshot(`testdata/${name}.golden.json`);
  });

  test("ends the same when every event comes twice", () => {
    const twice = log.flatMap((event) => [event, event]);

    expect(play(twice)).toEqual(play(log));
  });

  test("ends the same when it is replayed from the start at any point", () => {
    for (let cut = 1; cut <= log.length; cut += 1) {
      expect(log.reduce(reduceRun, play(log, cut))).toEqual(play(log));
    }
  });

  test("leaves the state it was given untouched", () => {
    for (let cut = 1; cut < log.length; cut += 1) {
      const before = play(log, cut);
      const copy = structuredClone(before);
      const next = log[cut];
      if (next) reduceRun(before, next);

      expect(before).toEqual(copy);
    }
  });

  test("raises the gap whichever event is missing, and stays as it was", () => {
    for (let missing = 2; missing < log.length; missing += 1) {
      const holed = log.filter(({ sequence }) => sequence !== missing);
      const state = play(holed, holed.length);

      expect(state.gap).toBe(true);
      expect({ ...state, gap: false }).toEqual(play(log, missing - 1));
    }
  });
});

describe("a troubled run", () => {
  const log = readLog("troubled");
  const textOf = (state: RunState, id: string) =>
    state.turns.find((turn) => turn.id === id)?.text;

  test("a higher draft replaces the words so far, a lower one is not heard", () => {
    const isSecondDraft = (event: LogEvent) =>
      event.type === "turn.delta" && event.draft === 2;

    expect(textOf(play(log, upTo(log, isSecondDraft)), "tB")).toBe("Another ");
    expect(textOf(play(log), "tB")).toBe("Another one");
  });

  test("a superseded attempt takes its words and findings with it", () => {
    const at = upTo(log, (event) => event.type === "turn.superseded");

    expect(play(log, at - 2).findings.map(({ id }) => id)).toEqual(["f1"]);
    expect(play(log, at).findings).toEqual([]);
    expect(textOf(play(log, at), "tA")).toBe("");
  });

  test("words of an older attempt are not heard", () => {
    const isLate = (event: LogEvent) =>
      event.type === "turn.delta" && event.text === "too late";
    const at = upTo(log, isLate);

    expect(textOf(play(log, at), "tA")).toBe("");
  });

  test("a failed attempt that will be tried again says when, until it is", () => {
    const failed = upTo(log, (event) => event.type === "turn.failed");

    expect(play(log, failed).retryTimes).toEqual({ tA: "2026-11-23T07:00:30Z" });
    expect(play(log).retryTimes).toEqual({});
  });

  test("a pause stands until the run goes on", () => {
    const paused = upTo(log, (event) => event.type === "run.paused");

    expect(play(log, paused).run.pause?.reason).toBe("rate_limited");
    expect(play(log, paused + 1).run.pause).toBeNull();
  });

  test("cancelling stops the turns that were under way", () => {
    const at = upTo(log, (event) => event.type === "turn.delta");
    const before = play(log, at);
    const time = "2026-11-23T07:00:09Z";
    const state = reduceRun(before, {
      type: "run.cancelled",
      sequence: at + 1,
      run_id: "run-7",
      time,
      reason: "CANCELLED_BY_AUTHOR",
    });

    expect(state.run.state).toBe("cancelled");
    expect(state.turns.map((turn) => turn.state)).toEqual(["cancelled", "cancelled"]);
  });

  test("a turn that was ended with its run is cancelled, not failed", () => {
    const at = upTo(log, (event) => event.type === "turn.delta");
    const before = play(log, at);
    const turn = before.turns.find(({ state }) => state === "running");
    const state = reduceRun(before, {
      type: "turn.failed",
      sequence: at + 1,
      run_id: "run-7",
      time: "2026-11-23T07:00:09Z",
      turn_id: turn?.id ?? "",
      attempt: turn?.attempt ?? 0,
      reason: "cancelled",
      will_retry: false,
      retry_time: null,
    });

    const after = state.turns.find(({ id }) => id === turn?.id);
    expect([turn?.state, after?.state]).toEqual(["running", "cancelled"]);
  });

  test("a snapshot at any point and the events behind it tell the same", () => {
    const seen = ({ turns, findings, decision }: RunState) => ({
      turns: turns.map(withoutDraft),
      findings,
      decision,
    });
    // A snapshot does not say which draft its words belong to, so a late word of a
    // lower one could not be told apart.
    const isLateDraft = (event: LogEvent) =>
      event.type === "turn.delta" && event.text === "old words";
    const from = upTo(log, isLateDraft);

    for (let cut = from; cut <= log.length; cut += 1) {
      const { run, turns, findings, decision } = play(log, cut);
      const snapshot = fromSnapshot({
        ...run,
        turns: turns.map(withoutDraft),
        findings: [...findings],
        clusters: [],
        agenda: [],
        stances: [],
        decision,
        synthesis: null,
        last_sequence: cut,
      });

      expect(seen(log.reduce(reduceRun, snapshot))).toEqual(seen(play(log)));
    }
  });
});
