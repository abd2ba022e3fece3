"use client";

import Link from "next/link";

import { LoadingLines } from "@/components/loading-lines";
import { ProblemNotice } from "@/components/problem-notice";
import { paths } from "@/config/paths";
import { getPage } from "@/lib/api/client";
import type { RunSummary } from "@/lib/api/run-types";
import { plural } from "@/lib/plural";
import { useLoad } from "@/lib/use-load";

import styles from "./recent-runs.module.css";

const STATES: Record<RunSummary["state"], string> = {
  pending: "Waiting",
  running: "Running",
  succeeded: "Done",
  incomplete: "Incomplete",
  failed: "Failed",
  cancelled: "Cancelled",
};

const WHEN = new Intl.DateTimeFormat(undefined, {
  dateStyle: "medium",
  timeStyle: "short",
});

function loadRuns(_key: string, signal: AbortSignal) {
  return getPage<RunSummary>("/runs?page_size=10", "runs", signal);
}

/** The latest runs, newest first. */
export function RecentRuns() {
  const runs = useLoad("recent", loadRuns);
  return (
    <section className={styles.recent} aria-labelledby="recent-title">
      <h2 id="recent-title">Recent runs</h2>
      {runs.status === "loading" && (
        <LoadingLines words="Looking for your runs…" />
      )}
      {runs.status === "error" && (
        <ProblemNotice error={runs.error} what="Your runs could not be listed.">
          <button type="button" className="button" onClick={runs.again}>
            Try again
          </button>
        </ProblemNotice>
      )}
      {runs.status === "ready" && <RunList runs={runs.value.items} />}
    </section>
  );
}

function RunList({ runs }: { runs: RunSummary[] }) {
  if (runs.length === 0) {
    return (
      <p className={styles.empty}>
        None yet. Add a document above; your first run will be listed here.
      </p>
    );
  }
  return (
    <ul className={styles.list}>
      {runs.map((run) => (
        <li key={run.id}>
          <Link
            href={paths.run(run.id)}
            prefetch={false}
            className={styles.run}
            data-testid={`run-link-${run.id}`}
          >
            <span className={styles.title}>{run.document.title}</span>
            <span className={styles.facts}>
              {plural(run.panelists.length, "reviewer")},{" "}
              <time dateTime={run.create_time}>
                {WHEN.format(new Date(run.create_time))}
              </time>
            </span>
            <span className={styles.state} data-state={run.state}>
              {STATES[run.state]}
            </span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
