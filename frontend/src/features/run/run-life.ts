import type { RunEvent, RunSummary } from "@/lib/api/run-types";
import type { Turn } from "@/lib/api/types";

/** Whether the run's last opening has ended. */
export function isAtRest(run: RunSummary): boolean {
  return run.state !== "pending" && run.state !== "running";
}

/** Whether more is to come of a turn. */
export function isOpenTurn(turn: Turn): boolean {
  return turn.state === "queued" || turn.state === "running";
}

/** Whether nothing more is to come: the run has ended, no question is being answered. */
export function isQuiet(state: {
  run: RunSummary;
  turns: readonly Turn[];
}): boolean {
  return isAtRest(state.run) && !state.turns.some(isOpenTurn);
}

type OwnEvent = Extract<RunEvent, { type: `run.${string}` }>;

/** A run after one of its own events. */
export function applyToRun(run: RunSummary, event: OwnEvent): RunSummary {
  switch (event.type) {
    case "run.created":
      return event.run;
    case "run.queued":
      return { ...run, state: "pending" };
    case "run.started":
      return {
        ...run,
        state: "running",
        queue_position: null,
        start_time: event.time,
      };
    case "run.paused": {
      const { reason, resume_time } = event;
      return { ...run, pause: { reason, resume_time } };
    }
    case "run.resumed":
      return { ...run, pause: null };
    case "run.reopened":
      return { ...run, state: "running", reason: null, end_time: null };
    case "run.succeeded":
      return end(run, "succeeded", event);
    case "run.incomplete":
      return end(run, "incomplete", event);
    case "run.failed":
      return end(run, "failed", event);
    case "run.cancelled":
      return end(run, "cancelled", event);
  }
}

function end(
  run: RunSummary,
  state: RunSummary["state"],
  event: { time: string; reason?: string | null },
): RunSummary {
  const reason = event.reason ?? null;
  return {
    ...run,
    state,
    reason,
    pause: null,
    queue_position: null,
    end_time: event.time,
  };
}
