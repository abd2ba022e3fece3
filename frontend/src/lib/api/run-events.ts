import type { RunEvent, RunEventType } from "@/lib/api/run-types";

/** The object that an event must carry; null where it carries none the page needs. */
const PAYLOAD: Record<RunEventType, string | null> = {
  "run.created": "run",
  "run.queued": null,
  "run.started": null,
  "turn.started": "turn",
  "turn.delta": "text",
  "finding.added": "finding",
  "finding.changed": "finding",
  "finding.withdrawn": "finding_id",
  "turn.completed": "turn",
  "turn.failed": "reason",
  "turn.superseded": null,
  "clusters.set": "clusters",
  "agenda.set": "agenda",
  "stance.changed": "stance",
  "decision.set": "decision",
  "synthesis.set": "synthesis",
  "run.paused": "reason",
  "run.resumed": null,
  "disposition.set": "disposition",
  "run.succeeded": null,
  "run.incomplete": null,
  "run.failed": null,
  "run.cancelled": null,
  "run.reopened": null,
};

/** Every event name to listen to: an EventSource drops the names it was not told. */
export const RUN_EVENT_TYPES: readonly string[] = Object.keys(PAYLOAD);

/** A fact of a newer gateway: the page has no use for it, but its place counts. */
export interface CountedEvent {
  type: "counted";
  sequence: number;
}

/**
 * Reads one SSE data field.
 *
 * @throws TypeError when it is not an event of a run's log.
 */
export function parseRunEvent(data: string): RunEvent | CountedEvent {
  const value: unknown = JSON.parse(data);
  if (!isRecord(value) || typeof value.type !== "string") {
    throw new TypeError("An event has no type.");
  }
  if (!Number.isSafeInteger(value.sequence)) {
    throw new TypeError(`${value.type} has no sequence.`);
  }
  if (!(value.type in PAYLOAD)) {
    return { type: "counted", sequence: value.sequence as number };
  }
  const payload = PAYLOAD[value.type as RunEventType];
  if (payload !== null && value[payload] === undefined) {
    throw new TypeError(`${value.type} has no ${payload}.`);
  }
  return value as unknown as RunEvent;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
