import type { Paragraph } from "@/lib/api/types";

/** Whether a paragraph is itself the heading that the gateway names for it. */
export function isHeading({ text, heading }: Paragraph): boolean {
  return heading !== null && text.replace(/^#+\s*/, "").trim() === heading;
}
