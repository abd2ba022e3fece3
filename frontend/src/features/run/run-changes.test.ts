import { describe, expect, test } from "vitest";

import type { Finding } from "@/lib/api/types";

import { fromSnapshot, reduceRun, type RunState } from "./run-state";
import { play, readLog } from "./testdata/read-log";

describe("a finding that is put otherwise", () => {
  const played = play(readLog("troubled"));
  const [first] = played.findings;
  if (first === undefined) throw new Error("The log has no finding.");
  const open = { ...first, disposition: "open", disposition_reason: null } as const;
  const place = (state: RunState) => ({
    sequence: state.lastSequence + 1,
    time: "2026-11-23T07:20:00Z",
    run_id: state.run.id,
  });

  /** A state as a snapshot with the finding gives it. */
  function opened(finding: Finding): RunState {
    const { run, turns, decision } = played;
    return fromSnapshot({
      ...run,
      turns: [...turns],
      findings: [finding],
      clusters: [],
      agenda: [],
      stances: [],
      decision,
      synthesis: null,
      last_sequence: played.lastSequence,
    });
  }

  const answer = (state: RunState, disposition: Finding["disposition"]) =>
    reduceRun(state, {
      type: "disposition.set",
      ...place(state),
      finding_id: open.id,
      disposition,
      reason: null,
      by: "owner@localhost",
    });

  const change = (state: RunState, finding: Finding) =>
    reduceRun(state, {
      type: "finding.changed",
      ...place(state),
      turn_id: finding.turn_id,
      attempt: 1,
      finding,
    }).findings.find(({ id }) => id === finding.id);

  const rejectedBefore = {
    ...open,
    severity: "note",
    disposition: "rejected",
    disposition_reason: "Rejected in an earlier run",
    rejected_in_run_id: "run_before",
  } as const;

  test("may come rejected as long as the author has not answered it", () => {
    expect(change(opened(open), rejectedBefore)).toEqual(rejectedBefore);
  });

  test("may be no rejected one any more", () => {
    expect(change(opened(rejectedBefore), open)).toEqual(open);
  });

  test("keeps an answer that a snapshot shows", () => {
    const accepted = { ...open, disposition: "accepted" } as const;
    const reopened = { ...rejectedBefore, disposition: "open" } as const;

    const changed = change(opened(accepted), rejectedBefore);

    expect(changed?.severity).toBe("note");
    expect(changed?.disposition).toBe("accepted");
    expect(change(opened(reopened), rejectedBefore)?.disposition).toBe("open");
  });

  test("keeps an answer that was told, also that it is open", () => {
    const rejected = answer(opened(open), "rejected");
    const again = answer(rejected, "open");

    expect(change(rejected, open)?.disposition).toBe("rejected");
    expect(change(again, rejectedBefore)?.disposition).toBe("open");
  });
});

test("another decision voids the moderator's text", () => {
  const state = play(readLog("review"));
  const { decision } = state;
  if (decision === null) throw new Error("The log has no decision.");
  const text = { text: "Mend it.", sentences: [], minority: [], not_examined: [] };

  const after = reduceRun(
    { ...state, synthesis: text },
    {
      type: "decision.set",
      sequence: state.lastSequence + 1,
      time: "2026-11-23T07:20:00Z",
      run_id: state.run.id,
      decision,
    },
  );

  expect(after.synthesis).toBeNull();
});
