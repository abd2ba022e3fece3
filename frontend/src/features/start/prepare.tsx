"use client";

import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";

import { LoadingLines } from "@/components/loading-lines";
import { ProblemNotice } from "@/components/problem-notice";
import { paths } from "@/config/paths";
import type { Brief } from "@/lib/api/run-types";
import type { Mode } from "@/lib/api/types";
import { useLoad } from "@/lib/use-load";
import { useSessionText } from "@/lib/use-session-text";

import { BriefForm, useBrief } from "./brief-form";
import { DocumentSheet } from "./document-sheet";
import { ModeChoice } from "./mode-choice";
import { PanelPicker } from "./panel-picker";
import styles from "./prepare.module.css";
import { loadChoice, loadDocument, type Choice } from "./start-api";
import { StartBar } from "./start-bar";

/** The read document beside the choice of who reads it. */
export function Prepare({ documentId }: { documentId: string }) {
  const read = useLoad(documentId, loadDocument);
  const choice = useLoad("choice", loadChoice);
  const [brief, setBrief] = useBrief();
  return (
    <div className={styles.prepare}>
      <section className={styles.document} aria-label="Document">
        {read.status === "loading" && (
          <LoadingLines words="Opening the document…" />
        )}
        {read.status === "error" && (
          <ProblemNotice
            error={read.error}
            what="The document could not be opened."
          >
            <button type="button" className="button" onClick={read.again}>
              Try again
            </button>
            <Link href={paths.start} className="button">
              Use another document
            </Link>
          </ProblemNotice>
        )}
        {read.status === "ready" && (
          <>
            <DocumentSheet {...read.value} />
            <BriefForm brief={brief} onChange={setBrief} />
          </>
        )}
      </section>
      <section className={styles.choice} aria-label="Panel">
        {choice.status === "loading" && (
          <LoadingLines words="Asking for the panels…" />
        )}
        {choice.status === "error" && (
          <ProblemNotice
            error={choice.error}
            what="The panels could not be read."
          >
            <button type="button" className="button" onClick={choice.again}>
              Try again
            </button>
          </ProblemNotice>
        )}
        {choice.status === "ready" && (
          <ChoiceForm
            choice={choice.value}
            documentId={documentId}
            brief={brief}
            isReady={read.status === "ready"}
          />
        )}
      </section>
    </div>
  );
}

interface ChoiceFormProps {
  choice: Choice;
  documentId: string;
  brief: Brief;
  isReady: boolean;
}

function ChoiceForm(props: ChoiceFormProps) {
  const { choice, documentId, brief, isReady } = props;
  const router = useRouter();
  const asked = useSearchParams().get("panel");
  const [mode, setMode] = useMode();
  const { panels, personas } = choice;
  const panel = panels.find(({ id }) => id === asked) ?? panels[0];
  if (panel === undefined) {
    return (
      <p className={styles.empty}>
        There is no panel yet. Add a persona pack to the gateway, then reload.
      </p>
    );
  }
  return (
    <>
      <PanelPicker
        panels={panels}
        personas={personas}
        chosen={panel}
        onChoose={({ id }) => {
          const query = `&panel=${encodeURIComponent(id)}`;
          const address = paths.startWith(documentId) + query;
          window.history.replaceState(null, "", address);
        }}
      >
        <ModeChoice mode={mode} onChoose={setMode} />
      </PanelPicker>
      <StartBar
        run={{
          document_id: documentId,
          panel_id: panel.id,
          mode,
          brief,
        }}
        seats={panel.seats.length}
        isReady={isReady}
        onStarted={({ id }) => {
          router.push(paths.run(id));
        }}
      />
    </>
  );
}

/** The chosen mode; it outlives a reload. */
function useMode(): [Mode, (mode: Mode) => void] {
  const [text, setText] = useSessionText("mode");
  return [text === "review" ? "review" : "roundtable", setText];
}
