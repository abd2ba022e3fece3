"use client";

import { useCallback, useState } from "react";

import { plural } from "@/lib/plural";

import { isFinished, reviewOf } from "./progress";
import styles from "./panel-pane.module.css";
import { ReviewerCard } from "./reviewer-card";
import { isAtRest } from "./run-life";
import type { RunState } from "./run-state";
import { UnverifiedLane } from "./unverified-lane";
import type { Selection } from "./use-selection";

interface PanelPaneProps {
  state: RunState;
  seats: ReadonlyMap<string, number>;
  selection: Selection;
}

/** The reviewers around the document, and what nobody could verify. */
export function PanelPane({ state, seats, selection }: PanelPaneProps) {
  const [choices, setChoices] = useState<Record<string, boolean>>({});
  const { run, findings } = state;
  const active = findings.find(({ id }) => id === selection.activeId);
  const reviewers = run.panelists.map((panelist) => {
    const turn = reviewOf(state, panelist.id);
    const finished = isFinished(turn, state);
    const holdsActive =
      active?.verified === true && active.panelist_id === panelist.id;
    const isOpen = holdsActive || (choices[panelist.id] ?? !finished);
    return { panelist, turn, finished, isOpen };
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
              Object.fromEntries(run.panelists.map(({ id }) => [id, !allOpen])),
            );
          }}
        >
          {allOpen ? "Fold all" : "Open all"}
        </button>
      </header>
      <ol className={styles.reviewers}>
        {reviewers.map(({ panelist, turn, finished, isOpen }) => (
          <ReviewerCard
            key={panelist.id}
            panelist={panelist}
            seat={seats.get(panelist.id) ?? 0}
            turn={turn}
            isFinished={finished}
            retryTime={turn ? state.retryTimes[turn.id] : undefined}
            findings={findings}
            isOpen={isOpen}
            onOpen={choose}
            activeId={active?.panelist_id === panelist.id ? active.id : null}
            onFinding={selection.go}
            onUnpin={selection.unpin}
          />
        ))}
      </ol>
      <UnverifiedLane state={state} selection={selection} />
    </>
  );
}

function noFindings({ run }: RunState): string {
  return isAtRest(run) ? "No findings" : "No findings yet";
}
