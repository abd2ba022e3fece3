"use client";

import { ProblemNotice } from "@/components/problem-notice";
import { post } from "@/lib/api/client";
import type { NewRun } from "@/lib/api/run-types";
import { plural } from "@/lib/plural";
import { useLoad } from "@/lib/use-load";

import styles from "./estimate.module.css";

/** What a run will take, as the gateway reckons. */
interface RunEstimate {
  turns: number;
  input_tokens: number;
  output_tokens: number;
  cost_usd: number | null;
  seconds: number | null;
}

/** Asks what a run would take; a read, though it is sent like a write. */
function loadEstimate(body: string): Promise<RunEstimate> {
  return post<RunEstimate>("/runs/estimate", JSON.parse(body) as NewRun);
}

/** What the run will take, or why it can't be started as it is. */
export function Estimate({ run }: { run: NewRun }) {
  // Of the brief, only the type picks another rubric.
  const brief = { document_type: run.brief?.document_type };
  const asked: NewRun = { ...run, brief };
  const reckoned = useLoad(JSON.stringify(asked), loadEstimate);
  if (reckoned.status === "error") {
    return (
      <ProblemNotice
        error={reckoned.error}
        what="What this run will take is not known."
      />
    );
  }
  return (
    <p className={styles.estimate} data-testid="estimate">
      {reckoned.status === "ready" ? words(reckoned.value) : "Reckoning…"}
    </p>
  );
}

function words({ turns, seconds, cost_usd: cost }: RunEstimate): string {
  const facts = [
    plural(turns, "turn"),
    seconds === null ? null : `about ${span(seconds)}`,
    cost === null ? "no cost shown" : `$${cost.toFixed(2)}`,
  ];
  return facts.filter((fact) => fact !== null).join(", ");
}

function span(seconds: number): string {
  return seconds < 90
    ? `${Math.round(seconds)} s`
    : `${Math.round(seconds / 60)} min`;
}
