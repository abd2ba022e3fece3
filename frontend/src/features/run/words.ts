import type { Pause } from "@/lib/api/run-types";
import type { Disposition, QuoteStatus, Severity, Turn, Verdict } from "@/lib/api/types";
import { plural } from "@/lib/plural";

import { countProgress } from "./progress";
import { isAtRest } from "./run-life";
import type { RunState } from "./run-state";
import type { Tone } from "./marks";

export const TONE_WORDS: Record<Tone, string> = {
  blocker: "Blocker",
  major: "Major",
  minor: "Minor",
  note: "Note",
  strength: "Strength",
} satisfies Record<Severity | "strength", string>;

export const VERDICT_WORDS: Record<Verdict, string> = {
  approve: "Approves",
  approve_with_changes: "Approves with changes",
  request_changes: "Requests changes",
  abstain: "Abstains",
};

export const QUOTE_WORDS: Record<QuoteStatus, string> = {
  exact: "Quoted exactly",
  normalized: "Quoted, typography differs",
  ambiguous: "Stands in several places",
  not_found: "Not in the document",
};

export const DISPOSITION_WORDS: Record<Disposition, string> = {
  open: "Open",
  accepted: "Accepted",
  rejected: "Rejected",
  deferred: "Deferred",
};

const REASONS: Record<string, string> = {
  rate_limited: "the account has reached its limit",
  auth_required: "the account needs to be signed in by an admin",
  overloaded: "the model was overloaded",
  timeout: "no answer came in time",
  unreachable: "the model could not be reached",
  cli_crashed: "the command behind it broke off",
  runner_lost: "the runner was lost",
  invalid_output: "the answer could not be read",
  refused: "the model refused",
  output_too_long: "the answer was too long",
  context_too_long: "the document is too long for the model",
  model_not_found: "there is no such model",
  budget_exhausted: "the budget is spent",
  internal: "of an error inside Roundtable",
};

/** Why something failed, in words that follow "because". */
export function reasonWords(reason: string | null): string {
  if (reason === null) return "no reason was given";
  return (
    REASONS[reason.toLowerCase()] ?? reason.toLowerCase().replaceAll("_", " ")
  );
}

const CLOCK = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit",
  minute: "2-digit",
});

/** "in 12 min (14:05)". */
export function whenWords(time: string, now: number): string {
  const date = new Date(time);
  const seconds = Math.max(0, Math.round((date.getTime() - now) / 1000));
  const span =
    seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  return `in ${span} (${CLOCK.format(date)})`;
}

/** What is happening to the run, in one sentence. */
export function progressWords(state: RunState, now: number): string {
  const { run } = state;
  if (isAtRest(run)) return endWords(state);
  if (run.pause !== null) return pauseWords(run.pause, now);
  if (run.state === "pending") {
    const before = run.queue_position ?? 0;
    return before > 0
      ? `Waiting; ${plural(before, "run")} before this one`
      : "Waiting to start";
  }
  const { seats, finished, quotes } = countProgress(state);
  const checked =
    quotes > 0 ? `, ${plural(quotes, "quote")} checked` : "";
  return `${finished} of ${plural(seats, "reviewer")} done${checked}`;
}

function pauseWords(pause: Pause, now: number): string {
  const why = `Paused because ${reasonWords(pause.reason)}`;
  return pause.resume_time === null
    ? `${why}; goes on by itself`
    : `${why}; goes on ${whenWords(pause.resume_time, now)}`;
}

function endWords(state: RunState): string {
  const { seats, finished } = countProgress(state);
  const answered = state.turns.filter(
    (turn) => turn.kind === "review" && turn.state === "succeeded",
  ).length;
  switch (state.run.state) {
    case "succeeded":
      return `Done: ${finished} of ${plural(seats, "reviewer")}`;
    case "cancelled":
      return `Cancelled: ${answered} of ${plural(seats, "reviewer")} had finished`;
    case "failed":
      return `Failed because ${reasonWords(state.run.reason)}`;
    default:
      return `Incomplete: ${answered} of ${plural(seats, "reviewer")} finished`;
  }
}

/** Where a reviewer's turn stands, in a word or two. */
export function turnWords(turn: Turn | undefined): string {
  if (turn === undefined || turn.state === "queued") return "Waiting";
  if (turn.state === "running") return turn.text ? "Speaking" : "Reading";
  if (turn.state === "failed") return "Did not finish";
  if (turn.state === "cancelled") return "Stopped";
  return turn.verdict ? VERDICT_WORDS[turn.verdict] : "Finished";
}
