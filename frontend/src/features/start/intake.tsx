"use client";

import { useEffect, useRef, useState } from "react";

import { ProblemNotice } from "@/components/problem-notice";
import type { Document } from "@/lib/api/types";
import { takeLostFocus } from "@/lib/lost-focus";

import { DropZone } from "./drop-zone";
import styles from "./intake.module.css";
import { PasteArea } from "./paste-area";
import { sendFile, sendText } from "./start-api";

type Progress =
  | { status: "idle" }
  | { status: "reading"; name: string }
  | { status: "refused"; name: string; error: unknown };

/** Takes a document as a file or as pasted text. */
export function Intake({ onRead }: { onRead: (document: Document) => void }) {
  const [progress, setProgress] = useState<Progress>({ status: "idle" });
  const heading = useRef<HTMLHeadingElement>(null);

  useEffect(() => {
    takeLostFocus(heading.current);
  }, [progress.status]);

  async function read(name: string, sending: Promise<Document>) {
    setProgress({ status: "reading", name });
    try {
      onRead(await sending);
    } catch (error) {
      setProgress({ status: "refused", name, error });
    }
  }

  const isReading = progress.status === "reading";
  return (
    <section className={styles.intake} aria-labelledby="intake-title">
      <h1 id="intake-title" ref={heading} tabIndex={-1}>
        What shall the panel read?
      </h1>
      <p className={styles.lead}>
        Every reviewer reads alone, quotes your own words, and you get one
        decision with its reasons.
      </p>
      <div className={styles.sheet} aria-busy={isReading}>
        {isReading ? (
          <p className={styles.reading} role="status">
            Reading {progress.name}…
          </p>
        ) : (
          <>
            <DropZone
              onFile={(file) => void read(file.name, sendFile(file))}
            />
            <PasteArea
              onText={(text) => void read("your text", sendText(text))}
            />
          </>
        )}
      </div>
      {progress.status === "refused" && (
        <ProblemNotice
          error={progress.error}
          what={`This was not taken in: ${progress.name}.`}
        />
      )}
    </section>
  );
}

