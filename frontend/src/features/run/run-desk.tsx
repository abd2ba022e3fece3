"use client";

import { useCallback, useMemo } from "react";

import { RehearsalBanner } from "@/components/rehearsal-banner";

import { DocumentPane } from "./document-pane";
import { Headline } from "./headline";
import { LiveRegion } from "./live-region";
import { PanelPane } from "./panel-pane";
import type { Connection } from "./run-feed";
import { RunHead } from "./run-head";
import type { RunState } from "./run-state";
import styles from "./run-view.module.css";
import { SideTabs } from "./side-tabs";
import { StageRail } from "./stage-rail";
import { useSelection } from "./use-selection";

interface RunDeskProps {
  state: RunState;
  connection: Connection;
}

/** The document with the panel around it. */
export function RunDesk({ state, connection }: RunDeskProps) {
  const selection = useSelection();
  const { activeId, side, go } = selection;
  const { run, findings } = state;
  const seats = useMemo(
    () => new Map(run.panelists.map((each, index) => [each.id, index])),
    [run.panelists],
  );
  const names = useMemo(
    () => new Map(run.panelists.map((each) => [each.id, each.persona.name])),
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
      <RunHead run={run} />
      <StageRail state={state} connection={connection} />
      <Headline state={state} seats={seats} onFinding={goToRow} />
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
          <PanelPane state={state} seats={seats} selection={selection} />
        </section>
      </div>
      <LiveRegion state={state} />
    </>
  );
}
