"use client";

import { memo, type ReactNode } from "react";

import type { Paragraph } from "@/lib/api/types";
import { hueClass } from "@/lib/seat-look";

import styles from "./document-pane.module.css";
import { gravest, segmentParagraph, unique, type Mark, type Segment } from "./marks";
import { TONE_WORDS } from "./words";

interface MarkedParagraphProps {
  paragraph: Paragraph;
  beginsPage: boolean;
  isTitle: boolean;
  marks: readonly Mark[];
  activeId: string | null;
  seats: ReadonlyMap<string, number>;
  names: ReadonlyMap<string, string>;
  onFinding: (findingId: string) => void;
}

/** One numbered paragraph; drawn again only when its own marks change. */
export const MarkedParagraph = memo(ParagraphRow, (before, after) => {
  const { marks: old, ...rest } = before;
  const { marks, ...next } = after;
  const isSame = (key: keyof typeof rest) => rest[key] === next[key];
  return (
    (Object.keys(rest) as (keyof typeof rest)[]).every(isSame) &&
    old.length === marks.length &&
    old.every((mark, index) => isSameMark(mark, marks[index]))
  );
});

function isSameMark(mark: Mark, other: Mark | undefined): boolean {
  const keys = Object.keys(mark) as (keyof Mark)[];
  return other !== undefined && keys.every((key) => mark[key] === other[key]);
}

function ParagraphRow({
  paragraph,
  beginsPage,
  isTitle,
  ...rest
}: MarkedParagraphProps) {
  const { id, text, page } = paragraph;
  const segments = segmentParagraph(text, rest.marks);
  const content = segments.map((segment, index) => (
    <MarkedText key={index} segment={segment} {...rest} />
  ));
  return (
    <div className={styles.row} id={id} data-heading={isTitle}>
      <span className={styles.number} aria-hidden="true">
        {beginsPage && <span className={styles.page}>page {page}</span>}
        {id.replace(/^P/, "")}
      </span>
      {isTitle ? <h2>{content}</h2> : <p>{content}</p>}
    </div>
  );
}

type MarkedTextProps = Omit<
  MarkedParagraphProps,
  "paragraph" | "beginsPage" | "isTitle"
> & {
  segment: Segment;
};

function MarkedText({ segment, activeId, seats, names, onFinding }: MarkedTextProps) {
  const { text, marks, begins } = segment;
  if (marks.length === 0) return text;
  const ids = unique(marks.map(({ findingId }) => findingId));
  const open = () => {
    const next = ids[(ids.indexOf(activeId ?? "") + 1) % ids.length];
    if (next !== undefined) onFinding(next);
  };
  const who = marks.map(
    ({ tone, title, panelistId }) =>
      `${TONE_WORDS[tone]}: ${title} (${names.get(panelistId) ?? panelistId})`,
  );
  const reviewers = unique(marks.map(({ panelistId }) => panelistId)).sort(
    (a, b) => (seats.get(a) ?? 0) - (seats.get(b) ?? 0),
  );
  return (
    <mark
      className={`${styles.mark} tone-${gravest(marks)}`}
      data-finding-ids={ids.join(" ")}
      data-active={activeId !== null && ids.includes(activeId)}
      role="button"
      tabIndex={begins.length > 0 ? 0 : -1}
      title={unique(who).join("\n")}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        open();
      }}
    >
      {underline(text, reviewers, seats)}
    </mark>
  );
}

const MOST_LINES = 3;

/** Draws a line for each reviewer, one below the other. */
function underline(
  text: string,
  reviewers: string[],
  seats: ReadonlyMap<string, number>,
): ReactNode {
  return reviewers
    .slice(0, MOST_LINES)
    .reduce<ReactNode>(
      (inner, reviewer, line) => (
        <span
          className={`${styles.line} ${hueClass(seats.get(reviewer) ?? 0)}`}
          data-line={line}
        >
          {inner}
        </span>
      ),
      text,
    );
}
