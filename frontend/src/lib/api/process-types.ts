/** What comes of a panel's findings: clusters, discussion, synthesis. */

import type { Quote, Severity } from "@/lib/api/types";

export type FoundBy = "panel" | "control" | "both";

/** Findings that one fix would resolve; every finding is in exactly one. */
export interface Cluster {
  id: string;
  severity: Severity;
  lead_finding_id: string;
  finding_ids: string[];
  /** Only in a snapshot. */
  found_by?: FoundBy;
}

export type AgendaReason =
  "SEVERITY_GAP" | "OPPOSED_ADVICE" | "LONE_BLOCKER" | "SCORE_GAP";

export interface AgendaItem {
  id: string;
  reason: AgendaReason;
  question: string;
  cluster_id: string | null;
  criterion: string;
  finding_ids: string[];
  paragraph_ids: string[];
  panelist_ids: string[];
}

export type Move =
  "support" | "challenge" | "refine" | "concede" | "add_evidence";

export interface Stance {
  item_id: string;
  panelist_id: string;
  turn_id: string;
  round: number;
  finding_id: string | null;
  move: Move;
  position: "agree" | "disagree" | "unsure";
  severity_before: Severity | null;
  severity_after: Severity | null;
  argument: string;
  changed_by: string | null;
  quotes: Quote[];
  is_change: boolean;
  is_evidenced: boolean;
}

export interface CitedSentence {
  text: string;
  finding_ids: string[];
}

export interface Synthesis {
  text: string;
  sentences: CitedSentence[];
  minority: CitedSentence[];
  not_examined: string[];
}
