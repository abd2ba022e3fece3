"use client";

import { useMemo } from "react";

import { LoadingLines } from "@/components/loading-lines";
import { ProblemNotice } from "@/components/problem-notice";
import { getJson } from "@/lib/api/client";
import type { DocumentText, Finding } from "@/lib/api/types";
import { isHeading } from "@/lib/paragraph";
import { useLoad } from "@/lib/use-load";

import styles from "./document-pane.module.css";
import { MarkedParagraph } from "./marked-paragraph";
import { mapText, marksByParagraph, type Mark } from "./marks";

function loadText(id: string, signal: AbortSignal): Promise<DocumentText> {
  const path = `/documents/${encodeURIComponent(id)}/text`;
  return getJson<DocumentText>(path, signal);
}

interface DocumentPaneProps extends PaperProps {
  documentId: string;
}

/** The author's text, with every verified finding on the words it quotes. */
export function DocumentPane({ documentId, ...paper }: DocumentPaneProps) {
  const body = useLoad(documentId, loadText);
  switch (body.status) {
    case "loading":
      return (
        <div className={styles.paper}>
          <LoadingLines words="Opening the text…" />
        </div>
      );
    case "error":
      return (
        <ProblemNotice
          error={body.error}
          what="The text could not be opened; the panel's findings are still here."
        >
          <button type="button" className="button" onClick={body.again}>
            Try again
          </button>
        </ProblemNotice>
      );
    case "ready":
      return <Paper {...paper} body={body.value} />;
  }
}

interface PaperProps {
  findings: readonly Finding[];
  seats: ReadonlyMap<string, number>;
  names: ReadonlyMap<string, string>;
  activeId: string | null;
  onFinding: (findingId: string) => void;
}

const NO_MARKS: readonly Mark[] = [];

function Paper(props: PaperProps & { body: DocumentText }) {
  const { body, findings, activeId } = props;
  const map = useMemo(() => mapText(body.text, body.paragraphs), [body]);
  const marks = useMemo(() => marksByParagraph(map, findings), [map, findings]);
  return (
    <article className={styles.paper} data-testid="document-text">
      {body.paragraphs.map((paragraph, index) => {
        const here = marks.get(paragraph.id) ?? NO_MARKS;
        const isActive = here.some(({ findingId }) => findingId === activeId);
        const before = body.paragraphs[index - 1];
        return (
          <MarkedParagraph
            key={paragraph.id}
            paragraph={paragraph}
            beginsPage={paragraph.page !== before?.page && paragraph.page !== null}
            isTitle={isHeading(paragraph, body.paragraphs[index + 1])}
            marks={here}
            activeId={isActive ? activeId : null}
            seats={props.seats}
            names={props.names}
            onFinding={props.onFinding}
          />
        );
      })}
    </article>
  );
}
