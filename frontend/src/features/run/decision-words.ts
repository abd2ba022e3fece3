import type { Cluster } from "@/lib/api/process-types";
import type { Decision, Outcome } from "@/lib/api/types";

import { leadsOf } from "./to-do";

export const OUTCOME_WORDS: Record<Outcome, string> = {
  ship: "Ship it",
  fix_then_ship: "Fix, then ship",
  rework: "Rework it",
  no_decision: "No decision",
};

const NUMBERS = [
  "no",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
];

/** The decision as one sentence with its reason; what one fix resolves counts once. */
export function decisionSentence(
  decision: Decision,
  clusters: readonly Cluster[],
): string {
  return `${OUTCOME_WORDS[decision.outcome]}: ${reasonOf(decision, clusters)}.`;
}

function reasonOf(decision: Decision, clusters: readonly Cluster[]): string {
  const { outcome, seats, seats_finished } = decision;
  const blockers = leadsOf(decision.blockers, clusters);
  const majors = leadsOf(decision.majors, clusters);
  switch (decision.reason) {
    case "BLOCKERS": {
      const found = count(blockers.length, "verified blocker");
      if (outcome === "rework") return `${found} in the way`;
      return `${found}, ${blockers.length === 1 ? "with a rewrite" : "each with a rewrite"}`;
    }
    case "REQUESTED_CHANGES":
      return outcome === "rework"
        ? "half of the reviewers or more request changes"
        : "a reviewer requests changes";
    case "LOW_SCORE":
      return outcome === "rework"
        ? "the median score is 2 or lower"
        : "the median score is below 4";
    case "MAJORS":
      return `${count(majors.length, "verified major finding")} open`;
    case "CLEAR":
      return "nothing verified stands against it";
    case "QUORUM":
      return `only ${seats_finished} of ${seats} reviewers finished`;
    case "SPLIT_PANEL":
      return "the reviewers' scores are too far apart";
  }
}

function count(amount: number, thing: string): string {
  const word = NUMBERS[amount] ?? String(amount);
  return `${word} ${thing}${amount === 1 ? "" : "s"}`;
}
