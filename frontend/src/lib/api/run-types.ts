/** A run and the events of its log; the second half of `types.ts`. */

import type {
  AgendaItem,
  Cluster,
  Stance,
  Synthesis,
} from "@/lib/api/process-types";
import type {
  Decision,
  Disposition,
  Document,
  DocumentType,
  Engine,
  Finding,
  Mode,
  Panelist,
  RunLifeState,
  Stage,
  Turn,
  Usage,
} from "@/lib/api/types";

export interface Brief {
  document_type?: DocumentType | null;
  audience?: string | null;
  goal?: string | null;
  scope?: string | null;
  instructions?: string | null;
}

export interface Budget {
  turns?: number | null;
  cost_usd?: number | null;
}

export interface Pause {
  reason: string;
  resume_time: string | null;
}

export interface ManifestEntry {
  stage: Stage;
  result: "ran" | "skipped" | "failed";
  reason: string | null;
}

/** A run without its lists, as `GET /runs` and `run.created` carry it. */
export interface RunSummary {
  id: string;
  state: RunLifeState;
  reason: string | null;
  stage: Stage;
  pause: Pause | null;
  queue_position: number | null;
  engine: Engine;
  mode: Mode;
  discussion_rounds: number;
  control: boolean;
  brief: Brief | null;
  budget: Budget | null;
  document: Document;
  panelists: Panelist[];
  usage: Usage;
  manifest: ManifestEntry[];
  last_sequence: number;
  create_time: string;
  start_time: string | null;
  end_time: string | null;
}

/** A run, whole. */
export interface Run extends RunSummary {
  turns: Turn[];
  findings: Finding[];
  clusters: Cluster[];
  agenda: AgendaItem[];
  stances: Stance[];
  decision: Decision | null;
  /** The decision with the author's answers, where they make a difference. */
  current_decision?: Decision | null;
  synthesis: Synthesis | null;
}

export interface NewRun {
  document_id: string;
  panel_id: string;
  mode: Mode;
  brief?: Brief;
}

interface Fact<Type extends string> {
  type: Type;
  sequence: number;
  time: string;
  run_id: string;
}

interface TurnFact<Type extends string> extends Fact<Type> {
  turn_id: string;
  attempt: number;
}

interface Ended<Type extends string> extends Fact<Type> {
  reason?: string | null;
}

export type RunEvent =
  | (Fact<"run.created"> & { run: RunSummary })
  | Fact<"run.queued">
  | Fact<"run.started">
  | (TurnFact<"turn.started"> & { turn: Turn })
  | (TurnFact<"turn.delta"> & { text: string; draft: number })
  | (TurnFact<"finding.added"> & { finding: Finding })
  | (TurnFact<"finding.changed"> & { finding: Finding })
  | (TurnFact<"finding.withdrawn"> & { finding_id: string; reason: string })
  | (TurnFact<"turn.completed"> & { turn: Turn })
  | (TurnFact<"turn.failed"> & {
      reason: string;
      will_retry?: boolean;
      retry_time: string | null;
    })
  | TurnFact<"turn.superseded">
  | (Fact<"clusters.set"> & { clusters: Cluster[] })
  | (Fact<"agenda.set"> & { agenda: AgendaItem[] })
  | (TurnFact<"stance.changed"> & { stance: Stance })
  | (Fact<"decision.set"> & { decision: Decision })
  | (Fact<"synthesis.set"> & { synthesis: Synthesis })
  | (Fact<"run.paused"> & { reason: string; resume_time: string | null })
  | Fact<"run.resumed">
  | (Fact<"disposition.set"> & {
      finding_id: string;
      disposition: Disposition;
      reason?: string | null;
      by: string;
    })
  | Ended<"run.succeeded">
  | Ended<"run.incomplete">
  | Ended<"run.failed">
  | Ended<"run.cancelled">
  | Fact<"run.reopened">;

export type RunEventType = RunEvent["type"];
