import { expect, test } from "vitest";

import type { Paragraph } from "@/lib/api/types";

import { isHeading } from "./paragraph";

function paragraph(text: string, heading: string | null): Paragraph {
  return { id: "P1", start: 0, end: text.length, text, page: null, heading };
}

test("a paragraph is a heading where the one behind it says so", () => {
  const title = paragraph("## Prices", "Introduction");

  expect(isHeading(title, paragraph("Nine euros.", "Prices"))).toBe(true);
  expect(isHeading(title, paragraph("Nine euros.", "Introduction"))).toBe(false);
  expect(isHeading(title, paragraph("Nine euros.", null))).toBe(false);
  expect(isHeading(title, undefined)).toBe(false);
});
