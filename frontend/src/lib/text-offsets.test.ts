import { describe, expect, test } from "vitest";

import { createOffsetMap } from "@/lib/text-offsets";

/** What the gateway does: Python counts code points. */
function slicePython(text: string, start: number, end: number): string {
  return Array.from(text).slice(start, end).join("");
}

describe("createOffsetMap", () => {
  test("is the identity where every character is one unit", () => {
    const toUnit = createOffsetMap("Straße – naïve");

    expect([0, 6, 14].map(toUnit)).toEqual([0, 6, 14]);
  });

  test("moves past each character that takes two units", () => {
    const text = "🚀 Launch 𝛼 by 👩‍💻 today";
    const toUnit = createOffsetMap(text);

    const length = Array.from(text).length;
    for (let start = 0; start <= length; start += 1) {
      for (let end = start; end <= length; end += 1) {
        expect(text.slice(toUnit(start), toUnit(end))).toBe(
          slicePython(text, start, end),
        );
      }
    }
  });

  test("stays inside the text for offsets that lie beyond it", () => {
    const toUnit = createOffsetMap("a🚀");

    expect([-3, 2, 99].map(toUnit)).toEqual([0, 3, 3]);
  });
});
