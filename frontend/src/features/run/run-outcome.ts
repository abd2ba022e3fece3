import type {
  AgendaItem,
  Cluster,
  Stance,
  Synthesis,
} from "@/lib/api/process-types";
import type { RunEvent } from "@/lib/api/run-types";
import type { Decision } from "@/lib/api/types";

/** What comes of a panel's findings. */
export interface Outcome {
  clusters: readonly Cluster[];
  agenda: readonly AgendaItem[];
  stances: readonly Stance[];
  decision: Decision | null;
  /** The decision with the author's answers, where they make a difference. */
  currentDecision: Decision | null;
  synthesis: Synthesis | null;
}

type OutcomeEvent = Extract<
  RunEvent,
  {
    type:
      | "clusters.set"
      | "agenda.set"
      | "stance.changed"
      | "decision.set"
      | "synthesis.set";
  }
>;

const TYPES = new Set<string>([
  "clusters.set",
  "agenda.set",
  "stance.changed",
  "decision.set",
  "synthesis.set",
] satisfies OutcomeEvent["type"][]);

export function isOutcome<Event extends { type: string }>(
  event: Event,
): event is Extract<Event, OutcomeEvent> {
  return TYPES.has(event.type);
}

/** What an event changes of the outcome. */
export function outcomeOf(
  { stances }: Outcome,
  event: OutcomeEvent,
): Partial<Outcome> {
  switch (event.type) {
    case "clusters.set":
      return { clusters: event.clusters };
    case "agenda.set":
      return { agenda: event.agenda, stances: [] };
    case "stance.changed":
      return { stances: [...stances, event.stance] };
    case "decision.set":
      // What the moderator wrote on another outcome is void.
      return { decision: event.decision, synthesis: null };
    case "synthesis.set":
      return { synthesis: event.synthesis };
  }
}
