import { expect, test } from "vitest";

import { stagesOf } from "./progress";
import { reduceRun, type RunState } from "./run-state";
import { play, readLog, upTo } from "./testdata/read-log";
import { progressWords } from "./words";

const REVIEW = readLog("review");
const TROUBLED = readLog("troubled");

function stages(state: RunState): string[] {
  return stagesOf(state).map(({ progress }) => progress);
}

test("the review is under way until every seat is finished", () => {
  const firstDone = upTo(REVIEW, ({ type }) => type === "turn.completed");
  const state = play(REVIEW, firstDone);

  expect(stages(state)).toEqual(["current", "waiting", "waiting", "waiting", "waiting"]);
  expect(progressWords(state, 0)).toBe("1 of 5 reviewers done, 2 quotes checked");
});

test("the gate is under way between the last seat and the decision", () => {
  const decided = upTo(REVIEW, ({ type }) => type === "decision.set");

  expect(stages(play(REVIEW, decided - 1))).toEqual(["done", "current", "waiting", "waiting", "waiting"]);
  expect(stages(play(REVIEW, decided))).toEqual(["done", "done", "done", "done", "current"]);
});

test("a seat that will be tried again is not finished", () => {
  const failed = upTo(TROUBLED, ({ type }) => type === "turn.failed");

  expect(progressWords(play(TROUBLED, failed), 0)).toContain("0 of 2 reviewers done");
});

test("a run that was cancelled while reviewers read stopped in the review", () => {
  const before = play(REVIEW, upTo(REVIEW, ({ type }) => type === "turn.delta"));
  const state = reduceRun(before, {
    type: "run.cancelled",
    sequence: before.lastSequence + 1,
    time: "2026-11-23T07:01:00Z",
    run_id: before.run.id,
  });

  expect(stages(state)).toEqual(["stopped", "waiting", "waiting", "waiting", "waiting"]);
  expect(progressWords(state, 0)).toBe("Cancelled: 0 of 5 reviewers had finished");
});

test("an incomplete run says how many seats answered", () => {
  expect(progressWords(play(TROUBLED), 0)).toBe("Incomplete: 1 of 2 reviewers finished");
});

test("a turn that waits for an account is not finished", () => {
  const failed = upTo(TROUBLED, ({ type }) => type === "turn.failed");
  const before = play(TROUBLED, failed - 1);
  const state = reduceRun(before, {
    type: "turn.failed",
    sequence: before.lastSequence + 1,
    time: "2026-11-23T07:11:00Z",
    run_id: before.run.id,
    turn_id: "tA",
    attempt: 1,
    reason: "auth_required",
    will_retry: true,
    retry_time: null,
  });

  expect(state.turns.find(({ id }) => id === "tA")?.state).toBe("queued");
  expect(progressWords(state, 0)).toMatch(/^0 of 2 reviewers done/);
});

test("a pause says why and until when", () => {
  const paused = upTo(TROUBLED, ({ type }) => type === "run.paused");
  const now = Date.parse("2026-11-23T07:00:00Z");

  expect(progressWords(play(TROUBLED, paused), now)).toMatch(
    /^Paused because the account has reached its limit; goes on in 12 min \(/,
  );
});
