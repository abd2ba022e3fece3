"use client";

import { useRef, useState } from "react";

import { ProblemNotice } from "@/components/problem-notice";
import type { NewRun, Run } from "@/lib/api/run-types";
import { plural } from "@/lib/plural";

import { Estimate } from "./estimate";
import styles from "./start-bar.module.css";
import { startRun } from "./start-api";

interface StartBarProps {
  run: NewRun;
  seats: number;
  isReady: boolean;
  onStarted: (run: Run) => void;
}

/** Starts the run; pressed again after a lost answer it starts the same one. */
export function StartBar({ run, seats, isReady, onStarted }: StartBarProps) {
  const [isStarting, setIsStarting] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const lastTry = useRef({ body: "", key: "" });

  async function start() {
    const body = JSON.stringify(run);
    if (lastTry.current.body !== body) {
      lastTry.current = { body, key: crypto.randomUUID() };
    }
    setIsStarting(true);
    setError(null);
    try {
      onStarted(await startRun(run, lastTry.current.key));
    } catch (cause) {
      setError(cause);
      setIsStarting(false);
    }
  }

  return (
    <div className={styles.bar}>
      {error !== null && (
        <ProblemNotice error={error} what="The run did not start." />
      )}
      <Estimate run={run} />
      <button
        type="button"
        className="button button-primary"
        data-testid="start-button"
        disabled={!isReady || isStarting}
        onClick={() => void start()}
      >
        {isStarting
          ? "Starting…"
          : `Start the ${run.mode} with ${plural(seats, "reviewer")}`}
      </button>
    </div>
  );
}
