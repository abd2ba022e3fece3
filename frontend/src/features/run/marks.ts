import type { Finding, Paragraph, Severity } from "@/lib/api/types";
import { createOffsetMap, type OffsetMap } from "@/lib/text-offsets";

import { readerOf } from "./readers";

/** How a finding is tinted: by its severity, or as praise. */
export type Tone = Severity | "strength";

const GRAVEST_FIRST: Tone[] = [
  "blocker",
  "major",
  "minor",
  "note",
  "strength",
];

export function toneOf(finding: Finding): Tone {
  return finding.kind === "strength" ? "strength" : finding.severity;
}

/** One finding's hold on a stretch of a paragraph, in UTF-16 units of it. */
export interface Mark {
  findingId: string;
  panelistId: string;
  tone: Tone;
  title: string;
  start: number;
  end: number;
}

/** A stretch of a paragraph over which the same findings hold. */
export interface Segment {
  text: string;
  marks: Mark[];
  /** Ids of the findings whose quote begins here. */
  begins: string[];
}

/** The paragraphs of a document with UTF-16 offsets. */
export interface TextMap {
  toUnit: OffsetMap;
  paragraphs: { paragraph: Paragraph; start: number; end: number }[];
}

export function mapText(text: string, paragraphs: Paragraph[]): TextMap {
  const toUnit = createOffsetMap(text);
  return {
    toUnit,
    paragraphs: paragraphs.map((paragraph) => ({
      paragraph,
      start: toUnit(paragraph.start),
      end: toUnit(paragraph.end),
    })),
  };
}

/**
 * Places every quote that code has found on the paragraphs it touches. A finding
 * whose evidence was not found never tints the text.
 */
export function marksByParagraph(
  map: TextMap,
  findings: readonly Finding[],
): Map<string, Mark[]> {
  const placed = new Map<string, Mark[]>();
  for (const finding of findings) {
    if (!finding.verified) continue;
    for (const quote of finding.quotes) {
      if (quote.status !== "exact" && quote.status !== "normalized") continue;
      if (quote.start === null || quote.end === null) continue;
      place(map, finding, map.toUnit(quote.start), map.toUnit(quote.end), placed);
    }
  }
  return placed;
}

function place(
  map: TextMap,
  finding: Finding,
  start: number,
  end: number,
  placed: Map<string, Mark[]>,
): void {
  for (const { paragraph, ...range } of touched(map, start, end)) {
    const marks = placed.get(paragraph.id) ?? [];
    marks.push({
      findingId: finding.id,
      panelistId: readerOf(finding),
      tone: toneOf(finding),
      title: finding.title,
      start: Math.max(start, range.start) - range.start,
      end: Math.min(end, range.end) - range.start,
    });
    placed.set(paragraph.id, marks);
  }
}

function touched(
  map: TextMap,
  start: number,
  end: number,
): TextMap["paragraphs"] {
  return map.paragraphs.filter(
    (paragraph) => paragraph.start < end && start < paragraph.end,
  );
}

/** Cuts a paragraph at every place where a quote begins or ends. */
export function segmentParagraph(
  text: string,
  marks: readonly Mark[],
): Segment[] {
  const cuts = new Set([0, text.length]);
  for (const mark of marks) cuts.add(mark.start).add(mark.end);
  const edges = [...cuts].sort((a, b) => a - b);
  return edges.slice(1).map((end, index) => {
    const start = edges[index] ?? 0;
    const here = marks.filter((mark) => mark.start <= start && end <= mark.end);
    const begins = here.filter((mark) => mark.start === start);
    return {
      text: text.slice(start, end),
      marks: here,
      begins: unique(begins.map((mark) => mark.findingId)),
    };
  });
}

/** The tone that colours a segment: the gravest of those that meet there. */
export function gravest(marks: readonly Mark[]): Tone {
  const tones = new Set(marks.map((mark) => mark.tone));
  return GRAVEST_FIRST.find((tone) => tones.has(tone)) ?? "note";
}

export function unique(values: string[]): string[] {
  return [...new Set(values)];
}
