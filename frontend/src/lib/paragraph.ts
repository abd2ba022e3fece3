import type { Paragraph } from "@/lib/api/types";

const MARKS = /^#+\s*/;

/** Whether a paragraph is the heading of the one behind it. */
export function isHeading(
  { text }: Paragraph,
  behind: Paragraph | undefined,
): boolean {
  if (behind === undefined || behind.heading === null) return false;
  return text.replace(MARKS, "").trim() === behind.heading.replace(MARKS, "").trim();
}
