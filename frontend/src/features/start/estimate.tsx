"use client";

import { ProblemNotice } from "@/components/problem-notice";
import { post } from "@/lib/api/client";
import type { NewRun } from "@/lib/api/run-types";
import { plural } from "@/lib/plural";
import { useLoad } from "@/lib/use-load";

import styles from "./estimate.module.css";

interface Amounts {
  turns: number;
  cost_usd: number | null;
  seconds: number | null;
}

/** What a run will take, as the gateway reckons. */
interface RunEstimate extends Amounts {
  /** What it takes where there is nothing to discuss, if it may discuss at all. */
  without_discussion: Amounts | null;
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

function words(estimate: RunEstimate): string {
  const { without_discussion: least } = estimate;
  const most = amounts(estimate);
  return least === null
    ? most
    : `${most}; ${amounts(least)} if there is nothing to discuss`;
}

function amounts({ turns, seconds, cost_usd: cost }: Amounts): string {
  const facts = [
    plural(turns, "turn"),
    seconds === null ? null : `about ${span(seconds)}`,
    cost === null ? null : `$${cost.toFixed(2)}`,
  ];
  return facts.filter((fact) => fact !== null).join(", ");
}

function span(seconds: number): string {
  return seconds < 90
    ? `${Math.round(seconds)} s`
    : `${Math.round(seconds / 60)} min`;
}
