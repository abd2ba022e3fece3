"use client";

import { useCallback, useMemo, useState } from "react";

import { plural } from "@/lib/plural";

import { isFinished } from "./progress";
import styles from "./panel-pane.module.css";
import { readerOf, readersOf } from "./readers";
import { ReviewerCard } from "./reviewer-card";
import { isAtRest } from "./run-life";
import type { RunState } from "./run-state";
import { UnverifiedLane } from "./unverified-lane";
import type { Selection } from "./use-selection";

interface PanelPaneProps {
  state: RunState;
  seats: ReadonlyMap<string, number>;
  names: ReadonlyMap<string, string>;
  selection: Selection;
  onAnswered: () => void;
}

/** The reviewers around the document, and what nobody could verify. */
export function PanelPane(props: PanelPaneProps) {
  const { state, seats, names, selection, onAnswered } = props;
  const [choices, setChoices] = useState<Record<string, boolean>>({});
  const { run, findings } = state;
  const isEnded = isAtRest(run);
  const answering = useMemo(
    () => (isEnded ? { runId: run.id, onAnswered } : null),
    [isEnded, run.id, onAnswered],
  );
  const active = findings.find(({ id }) => id === selection.activeId);
  const activeReader = active === undefined ? null : readerOf(active);
  const reviewers = readersOf(state).map((reader) => {
    const finished = isFinished(reader.turn, state);
    const holdsActive = active?.verified === true && activeReader === reader.id;
    const isOpen = holdsActive || (choices[reader.id] ?? !finished);
    return { reader, finished, isOpen };
  });
  const allOpen = reviewers.every(({ isOpen }) => isOpen);
  const choose = useCallback((panelistId: string, isOpen: boolean) => {
    setChoices((before) => ({ ...before, [panelistId]: isOpen }));
  }, []);
  return (
    <>
      <header className={styles.head}>
        <h2>
          {findings.length === 0
            ? noFindings(state)
            : plural(findings.length, "finding")}
        </h2>
        <button
          type="button"
          className="button button-quiet"
          onClick={() => {
            selection.unpin();
            setChoices(
              Object.fromEntries(
                reviewers.map(({ reader }) => [reader.id, !allOpen]),
              ),
            );
          }}
        >
          {allOpen ? "Fold all" : "Open all"}
        </button>
      </header>
      <ol className={styles.reviewers}>
        {reviewers.map(({ reader, finished, isOpen }) => (
          <ReviewerCard
            key={reader.id}
            id={reader.id}
            name={reader.name}
            role={reader.role}
            turn={reader.turn}
            seat={seats.get(reader.id) ?? 0}
            isFinished={finished}
            retryTime={reader.turn ? state.retryTimes[reader.turn.id] : undefined}
            findings={findings}
            answering={answering}
            isOpen={isOpen}
            onOpen={choose}
            activeId={activeReader === reader.id ? (active?.id ?? null) : null}
            onFinding={selection.go}
            onUnpin={selection.unpin}
          />
        ))}
      </ol>
      <UnverifiedLane
        state={state}
        names={names}
        selection={selection}
        answering={answering}
      />
    </>
  );
}

function noFindings({ run }: RunState): string {
  return isAtRest(run) ? "No findings" : "No findings yet";
}
