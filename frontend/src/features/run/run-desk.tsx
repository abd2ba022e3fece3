"use client";

import { useCallback, useMemo } from "react";

import { RehearsalBanner } from "@/components/rehearsal-banner";

import { DocumentPane } from "./document-pane";
import { Disagreements } from "./disagreements";
import { FirstThings } from "./first-things";
import { Headline } from "./headline";
import { LiveRegion } from "./live-region";
import { PanelPane } from "./panel-pane";
import { Questions } from "./questions";
import { CONTROL } from "./readers";
import type { Connection } from "./run-feed";
import resultStyles from "./result.module.css";
import { RunHead } from "./run-head";
import type { RunState } from "./run-state";
import styles from "./run-view.module.css";
import { SideTabs } from "./side-tabs";
import { StageRail } from "./stage-rail";
import { SynthesisText } from "./synthesis-text";
import { useSelection } from "./use-selection";

interface RunDeskProps {
  state: RunState;
  connection: Connection;
  /** Reads the run anew: it goes on behind what the page has followed. */
  onGoesOn: () => void;
}

/** The document with the panel around it. */
export function RunDesk({ state, connection, onGoesOn }: RunDeskProps) {
  const selection = useSelection();
  const { activeId, side, go } = selection;
  const { run, findings } = state;
  const seats = useMemo(
    () =>
      new Map([
        ...run.panelists.map(({ id }, index) => [id, index] as const),
        [CONTROL, run.panelists.length],
      ]),
    [run.panelists],
  );
  const names = useMemo(
    () =>
      new Map([
        ...run.panelists.map(({ id, persona }) => [id, persona.name] as const),
        [CONTROL, "Control"],
      ]),
    [run.panelists],
  );
  const goToRow = useCallback(
    (findingId: string) => {
      go(findingId, "panel");
    },
    [go],
  );
  return (
    <>
      {run.engine === "rehearsal" && <RehearsalBanner />}
      <RunHead state={state} onGoesOn={onGoesOn} />
      <StageRail state={state} connection={connection} />
      <Headline state={state} seats={seats} onFinding={goToRow} />
      <div className={resultStyles.columns}>
        <FirstThings state={state} names={names} onFinding={goToRow} />
        <SynthesisText state={state} onFinding={goToRow} />
      </div>
      <Disagreements
        state={state}
        seats={seats}
        names={names}
        onFinding={goToRow}
      />
      <SideTabs findings={findings} side={side} onShow={selection.show} />
      <div className={styles.desk} data-side={side}>
        <section className={styles.document} aria-label="Document">
          <DocumentPane
            documentId={run.document.id}
            findings={findings}
            seats={seats}
            names={names}
            activeId={activeId}
            onFinding={goToRow}
          />
        </section>
        <section className={styles.panel} aria-label="Panel">
          <PanelPane
            state={state}
            seats={seats}
            names={names}
            selection={selection}
            onAnswered={onGoesOn}
          />
          <Questions state={state} names={names} onAsked={onGoesOn} />
        </section>
      </div>
      <LiveRegion state={state} />
    </>
  );
}
