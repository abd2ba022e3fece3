import type { Stage, Turn } from "@/lib/api/types";

import { isAtRest } from "./run-life";
import type { RunState } from "./run-state";

export type StageName = Exclude<Stage, "intake" | "agenda">;
export type StageProgress = "waiting" | "current" | "done" | "stopped";

export interface StageView {
  name: StageName;
  label: string;
  progress: StageProgress;
}

const LABELS: Record<StageName, string> = {
  review: "Review",
  gate: "Gate",
  clusters: "Clusters",
  discussion: "Discussion",
  decision: "Decision",
  synthesis: "Synthesis",
};
const REVIEW_STAGES: readonly StageName[] = [
  "review",
  "gate",
  "clusters",
  "decision",
  "synthesis",
];
const ROUNDTABLE_STAGES: readonly StageName[] = [
  "review",
  "gate",
  "clusters",
  "discussion",
  "decision",
  "synthesis",
];

/** A seat's review. */
export function reviewOf(
  state: RunState,
  panelistId: string,
): Turn | undefined {
  return state.turns.find(
    (turn) => turn.panelist_id === panelistId && turn.kind === "review",
  );
}

/** Whether nothing more is to come of a turn. */
export function isFinished(turn: Turn | undefined, state: RunState): boolean {
  if (turn === undefined) return isAtRest(state.run);
  if (turn.state === "failed") return !(turn.id in state.retryTimes);
  return turn.state === "succeeded" || turn.state === "cancelled";
}

export interface Count {
  seats: number;
  finished: number;
  quotes: number;
}

export function countProgress(state: RunState): Count {
  const { panelists } = state.run;
  const quotes = state.findings.map((finding) => finding.quotes.length);
  return {
    seats: panelists.length,
    finished: panelists.filter(({ id }) =>
      isFinished(reviewOf(state, id), state),
    ).length,
    quotes: quotes.reduce((sum, count) => sum + count, 0),
  };
}

/**
 * The stages as far as the log tells them: the review lasts until every seat is
 * finished, the gate until the findings are put together, and so on.
 */
export function stagesOf(state: RunState): StageView[] {
  const { mode } = state.run;
  const names = mode === "roundtable" ? ROUNDTABLE_STAGES : REVIEW_STAGES;
  const current = names.indexOf(reachedStage(state));
  return names.map((name, index) => ({
    name,
    label: LABELS[name],
    progress: progressOf(index, current, state),
  }));
}

function reachedStage(state: RunState): StageName {
  if (state.decision !== null) return "synthesis";
  if (state.agenda.length > 0) return "discussion";
  if (state.clusters.length > 0) return "clusters";
  const hasEnded = (panelistId: string) => {
    const turn = reviewOf(state, panelistId);
    const wasStopped = turn === undefined || turn.state === "cancelled";
    return !wasStopped && isFinished(turn, state);
  };
  const { panelists } = state.run;
  const allEnded = panelists.every(({ id }) => hasEnded(id));
  return allEnded && panelists.length > 0 ? "gate" : "review";
}

function progressOf(
  index: number,
  current: number,
  state: RunState,
): StageProgress {
  const isWhole = state.synthesis !== null || state.run.state === "succeeded";
  if (index < current || isWhole) return "done";
  if (isAtRest(state.run)) return index === current ? "stopped" : "waiting";
  return index === current ? "current" : "waiting";
}
