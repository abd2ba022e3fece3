/**
 * The gateway's objects as the page reads them. Written by hand from the HTTP
 * contract until they are generated from the gateway's OpenAPI document; nothing
 * else in the page declares a field of the API.
 */

export type DocumentType =
  "marketing_copy" | "proposal" | "prd" | "design_doc" | "contract" | "other";
export type Mode = "review" | "roundtable";
export type Engine = "claude" | "endpoint" | "rehearsal";
export type RunLifeState =
  "pending" | "running" | "succeeded" | "incomplete" | "failed" | "cancelled";
export type Stage =
  | "intake"
  | "review"
  | "gate"
  | "clusters"
  | "agenda"
  | "discussion"
  | "decision"
  | "synthesis";
export type TurnKind =
  | "review"
  | "control"
  | "sweep"
  | "repair"
  | "cluster"
  | "discussion"
  | "synthesis"
  | "answer";
export type TurnState = "queued" | "running" | "succeeded" | "failed" | "cancelled";
export type Verdict =
  "approve" | "approve_with_changes" | "request_changes" | "abstain";
export type FindingKind =
  "error" | "omission" | "risk" | "question" | "strength";
export type Severity = "blocker" | "major" | "minor" | "note";
export type FixKind = "mechanical" | "meaning" | "choice";
export type Disposition = "open" | "accepted" | "rejected" | "deferred";
export type QuoteStatus = "exact" | "normalized" | "ambiguous" | "not_found";
export type QuoteMethod =
  "exact" | "typography" | "near" | "ellipsis" | "prompt_echo";
export type Outcome = "ship" | "fix_then_ship" | "rework" | "no_decision";
export type DecisionReason =
  | "BLOCKERS"
  | "REQUESTED_CHANGES"
  | "LOW_SCORE"
  | "MAJORS"
  | "CLEAR"
  | "QUORUM"
  | "SPLIT_PANEL";

export type AuthMode = "local" | "token" | "cloudflare_access";

/** Who is calling. */
export interface Me {
  email: string;
  role: "admin" | "member";
  auth: AuthMode;
}

export interface FieldProblem {
  field: string;
  detail: string;
}

/** An error of the gateway, application/problem+json (RFC 9457). */
export interface Problem {
  type?: string;
  title: string;
  status: number;
  detail?: string;
  reason?: string;
  request_id?: string;
  errors?: FieldProblem[];
}

export interface DocumentWarning {
  code: string;
  detail: string;
}

export interface Document {
  id: string;
  title: string;
  filename: string;
  media_type: string;
  size_bytes: number;
  sha256: string;
  page_count: number | null;
  word_count: number;
  paragraph_count: number;
  warnings: DocumentWarning[];
  revision: number;
  revision_of: string | null;
  create_time: string;
}

/** `start` and `end` count Unicode code points of the document's text. */
export interface Paragraph {
  id: string;
  start: number;
  end: number;
  text: string;
  page: number | null;
  heading: string | null;
}

export interface DocumentText {
  text: string;
  paragraphs: Paragraph[];
}

export interface Persona {
  id: string;
  version: number;
  name: string;
  role: string;
  pack: string;
  summary: string;
  background: string;
  priorities: string[];
  pet_peeves: string[];
  objections: string[];
  convinced_by: string;
  voice: string;
  influences: string;
  authority: string;
  owns: string[];
  ignores: string[];
  questions: string[];
  method: string;
  strictness: number;
  built_in: boolean;
  etag: string;
}

export interface Seat {
  persona_id: string;
  model: string | null;
}

export interface Panel {
  id: string;
  name: string;
  seats: Seat[];
  discussion_rounds: number;
  control: boolean;
  built_in: boolean;
  etag: string;
}

export interface Panelist {
  id: string;
  persona: Persona;
  model: string | null;
}

export interface Usage {
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cost_usd: number | null;
  turns?: number;
}

export interface Score {
  criterion: string;
  score: number | null;
  finding_ids: string[];
  rationale: string;
}

export interface Turn {
  id: string;
  kind: TurnKind;
  panelist_id: string | null;
  round: number;
  attempt: number;
  state: TurnState;
  reason: string | null;
  text: string;
  scores: Score[];
  overall: number | null;
  verdict: Verdict | null;
  verdict_reason?: string;
  not_assessed?: string[];
  usage: Usage | null;
  start_time: string | null;
  end_time: string | null;
  /** The author's question, where the turn answers one. */
  question?: string | null;
  /** Draft that `text` belongs to, where the gateway says it. */
  draft?: number;
}

/** `start` and `end` count code points; null when the words were not found. */
export interface Quote {
  text: string | null;
  given: string;
  status: QuoteStatus;
  method: QuoteMethod | null;
  paragraph_id: string | null;
  start: number | null;
  end: number | null;
}

export interface Finding {
  id: string;
  turn_id: string;
  /** Null for the control's. */
  panelist_id: string | null;
  kind: FindingKind;
  title: string;
  severity: Severity;
  criterion: string;
  paragraph_ids: string[];
  quotes: Quote[];
  searched_for: string[];
  impact: string;
  affected_reader: string;
  fix: string;
  rewrite: string | null;
  fix_kind: FixKind;
  confidence: number;
  would_change_mind_if: string;
  verified: boolean;
  disposition: Disposition;
  disposition_reason: string | null;
  rejected_in_run_id?: string | null;
}

export interface Dissent {
  panelist_id: string;
  position: string;
  finding_ids: string[];
}

export interface Decision {
  outcome: Outcome;
  reason: DecisionReason;
  score: number | null;
  score_after_discussion: number | null;
  spread: number | null;
  seats: number;
  seats_finished: number;
  blockers: string[];
  majors: string[];
  dissent: Dissent[];
  policy: string;
}
