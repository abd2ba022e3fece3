import type { CountedEvent } from "@/lib/api/run-events";
import type { Run, RunEvent, RunSummary } from "@/lib/api/run-types";
import type { Finding, Turn } from "@/lib/api/types";

import { isAnswered, withAnswer } from "./finding-answers";
import { applyToRun, isAtRest, isOpenTurn } from "./run-life";
import { isOutcome, outcomeOf, type Outcome } from "./run-outcome";

/** The attempt that a finding came with. */
export interface Origin {
  turnId: string;
  attempt: number;
}

/**
 * A run as the page holds it: what a snapshot says, kept current by the events
 * behind it.
 */
export interface RunState extends Outcome {
  run: RunSummary;
  turns: readonly Turn[];
  findings: readonly Finding[];
  origins: Readonly<Record<string, Origin>>;
  /** Findings that the author has answered. */
  answeredIds: readonly string[];
  /** When a failed turn is tried again, by turn. */
  retryTimes: Readonly<Record<string, string>>;
  lastSequence: number;
  /** An event is missing: only a new snapshot tells the whole again. */
  gap: boolean;
}

export type LogEvent = RunEvent | CountedEvent;

/** The state that a snapshot stands for. */
export function fromSnapshot(snapshot: Run): RunState {
  const { turns, findings, clusters, agenda, stances, ...rest } = snapshot;
  const { decision, synthesis, current_decision: currentDecision, ...run } = rest;
  const attempts = new Map(turns.map((turn) => [turn.id, turn.attempt]));
  return settle({
    run,
    turns,
    findings,
    clusters,
    agenda,
    stances,
    decision,
    currentDecision: currentDecision ?? null,
    synthesis,
    origins: Object.fromEntries(
      findings.map(({ id, turn_id }) => [
        id,
        { turnId: turn_id, attempt: attempts.get(turn_id) ?? 1 },
      ]),
    ),
    answeredIds: findings.filter(isAnswered).map(({ id }) => id),
    retryTimes: {},
    lastSequence: snapshot.last_sequence,
    gap: false,
  });
}

/**
 * Applies the next event. One seen before changes nothing; one that leaves a hole
 * in the log is not applied and raises `gap`.
 */
export function reduceRun(state: RunState, event: LogEvent): RunState {
  if (state.gap || event.sequence <= state.lastSequence) return state;
  if (event.sequence > state.lastSequence + 1) return { ...state, gap: true };
  return { ...apply(state, event), lastSequence: event.sequence };
}

function apply(state: RunState, event: LogEvent): RunState {
  if (isOutcome(event)) return { ...state, ...outcomeOf(state, event) };
  switch (event.type) {
    case "turn.started":
    case "turn.completed":
      return withTurn(state, event.turn);
    case "turn.delta":
      return addWords(state, event);
    case "turn.failed":
      return failTurn(state, event);
    case "turn.superseded":
      return supersede(state, event);
    case "finding.added":
      return addFinding(state, event);
    case "finding.changed":
      return changeFinding(state, event.finding.id, (known) =>
        state.answeredIds.includes(known.id)
          ? withAnswer(event.finding, known)
          : event.finding,
      );
    case "finding.withdrawn":
      return {
        ...state,
        findings: state.findings.filter(({ id }) => id !== event.finding_id),
      };
    case "disposition.set":
      return answerFinding(state, event);
    case "counted":
      return state;
    default:
      return settle({ ...state, run: applyToRun(state.run, event) });
  }
}

/** A run at rest has no turn under way any more. */
function settle(state: RunState): RunState {
  if (!isAtRest(state.run)) return state;
  const isStopped = (turn: Turn) => isOpenTurn(turn) && turn.kind !== "answer";
  return {
    ...state,
    retryTimes: {},
    turns: state.turns.map((turn) =>
      isStopped(turn) ? { ...turn, state: "cancelled" } : turn,
    ),
  };
}

type Of<Type extends RunEvent["type"]> = Extract<RunEvent, { type: Type }>;

/** Whether a newer attempt of the turn has begun. */
function isStale(state: RunState, event: TurnRef): boolean {
  const turn = state.turns.find(({ id }) => id === event.turn_id);
  return turn !== undefined && turn.attempt > event.attempt;
}

interface TurnRef {
  turn_id: string;
  attempt: number;
}

function withTurn(state: RunState, turn: Turn): RunState {
  const known = state.turns.find(({ id }) => id === turn.id);
  if (known && known.attempt > turn.attempt) return state;
  const retryTimes = Object.fromEntries(
    Object.entries(state.retryTimes).filter(([id]) => id !== turn.id),
  );
  const turns = known
    ? state.turns.map((other) => (other === known ? turn : other))
    : [...state.turns, turn];
  return { ...state, turns, retryTimes };
}

function changeTurn(
  state: RunState,
  turnId: string,
  change: (turn: Turn) => Turn,
): RunState {
  return {
    ...state,
    turns: state.turns.map((turn) =>
      turn.id === turnId ? change(turn) : turn,
    ),
  };
}

function addWords(state: RunState, event: Of<"turn.delta">): RunState {
  if (isStale(state, event)) return state;
  return changeTurn(state, event.turn_id, (turn) => {
    const draft = turn.draft ?? event.draft;
    if (event.draft < draft) return turn;
    const before = event.draft > draft ? "" : turn.text;
    return { ...turn, text: before + event.text, draft: event.draft };
  });
}

function failTurn(state: RunState, event: Of<"turn.failed">): RunState {
  if (isStale(state, event)) return state;
  // It waits with its run, and nobody knows for how long.
  const isWaiting = event.will_retry === true && event.retry_time === null;
  // It was ended with its run.
  const end = event.reason === "cancelled" ? "cancelled" : "failed";
  const failed = changeTurn(state, event.turn_id, (turn) => ({
    ...turn,
    state: isWaiting ? "queued" : end,
    reason: event.reason,
    end_time: event.time,
  }));
  if (event.retry_time === null) return failed;
  const retryTimes = { ...state.retryTimes, [event.turn_id]: event.retry_time };
  return { ...failed, retryTimes };
}

function supersede(state: RunState, event: Of<"turn.superseded">): RunState {
  const counts = ({ id }: Finding) => {
    const origin = state.origins[id];
    const isOfTurn = origin?.turnId === event.turn_id;
    return !isOfTurn || origin.attempt > event.attempt;
  };
  const cleared = changeTurn(state, event.turn_id, (turn) =>
    turn.attempt > event.attempt
      ? turn
      : {
          ...turn,
          state: "queued",
          text: "",
          draft: undefined,
          scores: [],
          overall: null,
          verdict: null,
        },
  );
  return { ...cleared, findings: state.findings.filter(counts) };
}

function addFinding(state: RunState, event: Of<"finding.added">): RunState {
  if (isStale(state, event)) return state;
  const { finding, turn_id: turnId, attempt } = event;
  const others = state.findings.filter(({ id }) => id !== finding.id);
  return {
    ...state,
    findings: [...others, finding],
    origins: { ...state.origins, [finding.id]: { turnId, attempt } },
  };
}

function answerFinding(state: RunState, event: Of<"disposition.set">): RunState {
  const id = event.finding_id;
  const others = state.answeredIds.filter((other) => other !== id);
  const answered = { ...state, answeredIds: [...others, id] };
  return changeFinding(answered, id, (known) => ({
    ...known,
    disposition: event.disposition,
    disposition_reason: event.reason ?? null,
  }));
}

function changeFinding(
  state: RunState,
  findingId: string,
  change: (finding: Finding) => Finding,
): RunState {
  return {
    ...state,
    findings: state.findings.map((finding) =>
      finding.id === findingId ? change(finding) : finding,
    ),
  };
}
