"use client";

import Link from "next/link";
import { useSearchParams } from "next/navigation";

import { LoadingLines } from "@/components/loading-lines";
import { ProblemNotice } from "@/components/problem-notice";
import { paths } from "@/config/paths";

import { RunDesk } from "./run-desk";
import styles from "./run-view.module.css";
import { useRun } from "./use-run";

/** A run by the id in the address, from its snapshot on. */
export function RunView() {
  const runId = useSearchParams().get("id");
  if (runId === null || runId === "") {
    return (
      <div className={styles.message}>
        <h1>No run is named in this address.</h1>
        <p>
          <Link href={paths.start}>Start a review</Link> or pick one of your
          runs there.
        </p>
      </div>
    );
  }
  return <FollowedRun key={runId} runId={runId} />;
}

function FollowedRun({ runId }: { runId: string }) {
  const { state, connection, error, isFinal, again, refresh } = useRun(runId);
  if (state !== null) {
    return (
      <>
        {isFinal && (
          <div className={styles.message}>
            <ProblemNotice
              error={error}
              what="What you see is no longer kept current."
            >
              <button type="button" className="button" onClick={again}>
                Try again
              </button>
            </ProblemNotice>
          </div>
        )}
        <RunDesk
          state={state}
          connection={isFinal ? "at_rest" : connection}
          onGoesOn={refresh}
        />
      </>
    );
  }
  return (
    <div className={styles.message}>
      {error === null ? (
        <LoadingLines words="Opening the run…" />
      ) : (
        <ProblemNotice error={error} what="The run could not be opened.">
          <button type="button" className="button" onClick={again}>
            {isFinal ? "Try again" : "Try again now"}
          </button>
          <Link href={paths.start} className="button">
            Go to the start
          </Link>
        </ProblemNotice>
      )}
    </div>
  );
}
