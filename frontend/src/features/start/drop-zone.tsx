"use client";

import { useState, type DragEvent } from "react";

import { READABLE_ENDINGS, READABLE_WORDS } from "@/lib/readable";

import styles from "./intake.module.css";

/** Takes one file, dropped or picked. */
export function DropZone({ onFile }: { onFile: (file: File) => void }) {
  const [isOver, setIsOver] = useState(false);

  function hold(event: DragEvent) {
    event.preventDefault();
    setIsOver(true);
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setIsOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  }

  return (
    <label
      className={styles.zone}
      data-over={isOver}
      onDragEnter={hold}
      onDragOver={hold}
      onDragLeave={() => {
        setIsOver(false);
      }}
      onDrop={drop}
    >
      <input
        type="file"
        accept={READABLE_ENDINGS}
        className="visually-hidden"
        data-testid="file-input"
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) onFile(file);
        }}
      />
      <svg viewBox="0 0 40 48" width="40" height="48" aria-hidden="true">
        <path d="M4 2h22l10 10v34H4z" className={styles.leaf} />
        <path d="M26 2v10h10M11 22h18M11 29h18M11 36h11" />
      </svg>
      <span className={styles.zoneTitle}>
        Drop a document here, or <u>choose one</u>
      </span>
      <span className={styles.hint}>{READABLE_WORDS}, up to 20 MB</span>
    </label>
  );
}
