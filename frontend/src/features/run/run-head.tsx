"use client";

import { useState } from "react";

import { ProblemNotice } from "@/components/problem-notice";
import { apiUrl, post } from "@/lib/api/client";
import type { Run, RunSummary } from "@/lib/api/run-types";
import { takeLostFocus } from "@/lib/lost-focus";
import { plural } from "@/lib/plural";

import styles from "./run-head.module.css";
import { isAtRest } from "./run-life";

const EXPORTS = [
  {
    format: "html",
    name: "Report",
    what: "To read, print and pass on: one HTML file with the document and its marked quotes",
  },
  { format: "md", name: "Markdown", what: "The report without the document" },
  { format: "csv", name: "CSV", what: "The findings, a row each, for a spreadsheet" },
  { format: "json", name: "JSON", what: "The whole run with the document's text" },
];

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
            {EXPORTS.map(({ format, name, what }) => (
              <a
                key={format}
                className="button"
                href={apiUrl(`${path}/export?format=${format}`)}
                download
                title={what}
                data-testid={`export-${format}`}
              >
                {name}
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
