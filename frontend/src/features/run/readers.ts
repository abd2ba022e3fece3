import type { Finding, Turn } from "@/lib/api/types";

import type { RunState } from "./run-state";

/** The key under which the control stands among the seats' letters. */
export const CONTROL = "control";

/** Whose a finding is: a seat's letter, or the control. */
export function readerOf(finding: Finding): string {
  return finding.panelist_id ?? CONTROL;
}

/** Who reads the document: a seat of the panel, or the control beside it. */
export interface Reader {
  id: string;
  name: string;
  role: string;
  /** The turn that is shown on their card: their review. */
  turn: Turn | undefined;
}

/** The panel's readers in their order, then the control where the run has one. */
export function readersOf(state: RunState): Reader[] {
  const { run, turns } = state;
  const readers: Reader[] = run.panelists.map(({ id, persona }) => ({
    id,
    name: persona.name,
    role: persona.role,
    turn: turns.find(
      (turn) => turn.kind === "review" && turn.panelist_id === id,
    ),
  }));
  if (!run.control) return readers;
  const control = {
    id: CONTROL,
    name: "Control",
    role: "A plain generalist beside the panel; does not count",
    turn: turns.find((turn) => turn.kind === "control"),
  };
  return [...readers, control];
}
