"use client";

import { useState } from "react";

import { ProblemNotice } from "@/components/problem-notice";
import { put } from "@/lib/api/client";
import type { Disposition, Finding } from "@/lib/api/types";

import styles from "./disposition-choice.module.css";
import { DISPOSITION_WORDS } from "./words";

const VERBS: [Disposition, string][] = [
  ["accepted", "Accept"],
  ["rejected", "Reject"],
  ["deferred", "Defer"],
];

/** Where answers go, and who hears that one was kept. */
export interface Answering {
  runId: string;
  onAnswered: () => void;
}

interface DispositionChoiceProps extends Answering {
  finding: Finding;
}

/** The author's answer to a finding; the same again takes it back. */
export function DispositionChoice(props: DispositionChoiceProps) {
  const { runId, finding, onAnswered } = props;
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setIsBusy] = useState(false);
  const current = finding.disposition;

  async function answer(next: Disposition) {
    const disposition = next === current ? "open" : next;
    const path = `/runs/${encodeURIComponent(runId)}/findings/${encodeURIComponent(finding.id)}/disposition`;
    setIsBusy(true);
    setError(null);
    try {
      await put<Finding>(path, { disposition });
      onAnswered();
    } catch (cause) {
      setError(cause);
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <div className={styles.choice}>
      <div role="group" aria-label="Your answer" className={styles.buttons}>
        {VERBS.map(([disposition, verb]) => (
          <button
            key={disposition}
            type="button"
            className="button"
            aria-pressed={disposition === current}
            disabled={isBusy}
            data-testid={`answer-${disposition}-${finding.id}`}
            onClick={() => void answer(disposition)}
          >
            {disposition === current ? DISPOSITION_WORDS[disposition] : verb}
          </button>
        ))}
      </div>
      {error !== null && (
        <ProblemNotice error={error} what="Your answer was not kept." />
      )}
    </div>
  );
}
