"use client";

import { useState } from "react";

import { ProblemNotice } from "@/components/problem-notice";
import { apiUrl, post } from "@/lib/api/client";
import type { Run } from "@/lib/api/run-types";
import { takeLostFocus } from "@/lib/lost-focus";
import { plural } from "@/lib/plural";

import styles from "./run-head.module.css";
import { isAtRest, isQuiet } from "./run-life";
import type { RunState } from "./run-state";

const EXPORTS = [
  {
    format: "html",
    name: "Report",
    what: "To read, print and pass on: one HTML file with the document and its marked quotes",
  },
  { format: "md", name: "Markdown", what: "The report without the document" },
  {
    format: "docx",
    name: "Word",
    what: "A Word document of yours with each finding as a comment; of others a report",
  },
  { format: "csv", name: "CSV", what: "The findings, a row each, for a spreadsheet" },
  { format: "json", name: "JSON", what: "The whole run with the document's text" },
];

const RETRIABLE = ["incomplete", "failed", "cancelled"];

interface RunHeadProps {
  state: RunState;
  onGoesOn: () => void;
}

/** The document's name, its facts, and what can be done with the run. */
export function RunHead({ state, onGoesOn }: RunHeadProps) {
  const { run } = state;
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
            {RETRIABLE.includes(run.state) && isQuiet(state) && (
              <ActionButton
                path={`${path}/retry`}
                testId="retry-button"
                words="Try again what failed"
                busyWords="Starting…"
                failure="Nothing was tried again."
                onDone={onGoesOn}
              />
            )}
            {canRevise(state) && (
              <a
                className="button"
                href={apiUrl(`${path}/revised`)}
                download
                title="Your document with every accepted rewrite in place"
                data-testid="revised-link"
              >
                Download the revision
              </a>
            )}
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
          <ActionButton
            path={`${path}/cancel`}
            testId="cancel-button"
            words="Cancel the run"
            busyWords="Cancelling…"
            failure="The run goes on."
          />
        )}
      </div>
    </header>
  );
}

const REVISABLE = [
  "text/markdown",
  "text/plain",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
];

/** Whether there is an accepted rewrite, and a document that it can be put into. */
function canRevise({ run, findings }: RunState): boolean {
  const isRevisable = REVISABLE.includes(run.document.media_type);
  return (
    isRevisable &&
    findings.some(
      ({ disposition, rewrite }) =>
        disposition === "accepted" && rewrite !== null,
    )
  );
}

interface ActionButtonProps {
  path: string;
  testId: string;
  words: string;
  busyWords: string;
  /** What a refusal means for the run. */
  failure: string;
  onDone?: () => void;
}

function ActionButton(props: ActionButtonProps) {
  const [isAsked, setIsAsked] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function act() {
    setIsAsked(true);
    setError(null);
    try {
      await post<Run>(props.path, null);
      props.onDone?.();
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
        data-testid={props.testId}
        onClick={() => void act()}
      >
        {isAsked ? props.busyWords : props.words}
      </button>
      {error !== null && (
        <ProblemNotice error={error} what={props.failure} />
      )}
    </>
  );
}
