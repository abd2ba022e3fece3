import { expect, test } from "vitest";

import type { Decision } from "@/lib/api/types";

import { decisionSentence } from "./decision-words";

const BASE: Decision = {
  outcome: "ship",
  reason: "CLEAR",
  score: 4,
  score_after_discussion: null,
  spread: 0,
  seats: 9,
  seats_finished: 9,
  blockers: [],
  majors: [],
  dissent: [],
  policy: "v1",
};

test.each<[Partial<Decision>, string]>([
  [{}, "Ship it: nothing verified stands against it."],
  [
    { outcome: "fix_then_ship", reason: "BLOCKERS", blockers: ["a", "b"] },
    "Fix, then ship: two verified blockers, each with a rewrite.",
  ],
  [
    { outcome: "rework", reason: "BLOCKERS", blockers: ["a"] },
    "Rework it: one verified blocker in the way.",
  ],
  [
    { outcome: "fix_then_ship", reason: "MAJORS", majors: [..."abcdefghijkl"] },
    "Fix, then ship: 12 verified major findings open.",
  ],
  [
    { outcome: "fix_then_ship", reason: "REQUESTED_CHANGES" },
    "Fix, then ship: a reviewer requests changes.",
  ],
  [
    { outcome: "no_decision", reason: "QUORUM", seats_finished: 5 },
    "No decision: only 5 of 9 reviewers finished.",
  ],
  [
    { outcome: "no_decision", reason: "SPLIT_PANEL" },
    "No decision: the reviewers' scores are too far apart.",
  ],
])("says %o in one sentence", (change, sentence) => {
  expect(decisionSentence({ ...BASE, ...change }, [])).toBe(sentence);
});

test("what one fix resolves counts once", () => {
  const decision: Decision = {
    ...BASE,
    outcome: "rework",
    reason: "BLOCKERS",
    blockers: ["a", "b", "c"],
  };
  const cluster = {
    id: "K1",
    severity: "blocker" as const,
    lead_finding_id: "b",
    finding_ids: ["b", "a"],
  };

  expect(decisionSentence(decision, [cluster])).toBe(
    "Rework it: two verified blockers in the way.",
  );
});
