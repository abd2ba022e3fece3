"use client";

import { useState } from "react";

import { ProblemNotice } from "@/components/problem-notice";
import { apiUrl, post } from "@/lib/api/client";
import type { Run, RunSummary } from "@/lib/api/run-types";
import { takeLostFocus } from "@/lib/lost-focus";
import { plural } from "@/lib/plural";

import styles from "./run-head.module.css";
import { isAtRest } from "./run-life";

/** The document's name, its facts, and what can be done with the run. */
export function RunHead({ run }: { run: RunSummary }) {
  const { document, panelists } = run;
  const path = `/runs/${encodeURIComponent(run.id)}`;
  const facts = [
    document.page_count === null ? null : plural(document.page_count, "page"),
    plural(document.word_count, "word"),
    plural(panelists.length, "reviewer"),
  ].filter((fact) => fact !== null);
  return (
    <header className={styles.head}>
      <div>
        <h1 ref={takeLostFocus} tabIndex={-1}>
          {document.title}
        </h1>
        <p className={styles.facts}>{facts.join(", ")}</p>
      </div>
      <div className={styles.actions}>
        {isAtRest(run) ? (
          <>
            <span className={styles.label}>Export</span>
            {["md", "json"].map((format) => (
              <a
                key={format}
                className="button"
                href={apiUrl(`${path}/export?format=${format}`)}
                download
                data-testid={`export-${format}`}
              >
                {format === "md" ? "Markdown" : "JSON"}
              </a>
            ))}
          </>
        ) : (
          <CancelButton path={path} />
        )}
      </div>
    </header>
  );
}

function CancelButton({ path }: { path: string }) {
  const [isAsked, setIsAsked] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function cancel() {
    setIsAsked(true);
    setError(null);
    try {
      await post<Run>(`${path}/cancel`, null);
    } catch (cause) {
      setError(cause);
      setIsAsked(false);
    }
  }

  return (
    <>
      <button
        type="button"
        className="button"
        disabled={isAsked}
        data-testid="cancel-button"
        onClick={() => void cancel()}
      >
        {isAsked ? "Cancelling…" : "Cancel the run"}
      </button>
      {error !== null && (
        <ProblemNotice error={error} what="The run goes on." />
      )}
    </>
  );
}
