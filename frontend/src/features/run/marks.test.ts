import { describe, expect, test } from "vitest";

import type { Finding, Paragraph, Quote } from "@/lib/api/types";

import {
  gravest,
  mapText,
  marksByParagraph,
  segmentParagraph,
  type Mark,
} from "./marks";

const TEXT = "🚀 Launch is soon. 🎉\n\nWe promise 100 % uptime 👩‍💻 to all.";

function paragraphs(): Paragraph[] {
  let start = 0;
  return TEXT.split("\n\n").map((text, index) => {
    const end = start + Array.from(text).length;
    const paragraph = { id: `P${index + 1}`, start, end, text, page: null, heading: null };
    start = end + 2;
    return paragraph;
  });
}

/** A quote as the gateway gives it: offsets in code points. */
function quote(words: string, change: Partial<Quote> = {}): Quote {
  const start = Array.from(TEXT.slice(0, TEXT.indexOf(words))).length;
  const end = start + Array.from(words).length;
  return {
    text: words,
    given: words,
    status: "exact",
    method: "exact",
    paragraph_id: "P1",
    start,
    end,
    ...change,
  };
}

function finding(id: string, quotes: Quote[], change: Partial<Finding> = {}): Finding {
  return {
    id,
    turn_id: "t",
    panelist_id: "A",
    kind: "risk",
    title: id,
    severity: "major",
    criterion: "clarity",
    paragraph_ids: [],
    quotes,
    searched_for: [],
    impact: "",
    affected_reader: "",
    fix: "",
    rewrite: null,
    fix_kind: "meaning",
    confidence: 50,
    would_change_mind_if: "",
    verified: true,
    disposition: "open",
    disposition_reason: null,
    ...change,
  };
}

function lit(...findings: Finding[]): Record<string, [string, string][]> {
  const map = mapText(TEXT, paragraphs());
  const marks = marksByParagraph(map, findings);
  return Object.fromEntries(
    paragraphs().map(({ id, text }) => [
      id,
      segmentParagraph(text, marks.get(id) ?? [])
        .filter((segment) => segment.marks.length > 0)
        .map((segment) => [
          segment.text,
          segment.marks.map(({ findingId }) => findingId).join(" "),
        ]),
    ]),
  );
}

describe("a finding's quote", () => {
  test.each(["🚀", "Launch is soon", "soon. 🎉", "100 % uptime 👩‍💻", "all."])(
    "lights exactly %s",
    (words) => {
      const places = Object.values(lit(finding("F1", [quote(words)]))).flat();

      expect(places).toEqual([[words, "F1"]]);
    },
  );

  test("that spans two paragraphs lights its part of each", () => {
    const spanning = quote("soon. 🎉\n\nWe promise");

    expect(lit(finding("F1", [spanning]))).toEqual({
      P1: [["soon. 🎉", "F1"]],
      P2: [["We promise", "F1"]],
    });
  });

  test("is cut where another begins or ends", () => {
    const outer = finding("F1", [quote("We promise 100 % uptime")]);
    const inner = finding("F2", [quote("100 % uptime 👩‍💻")]);

    expect(lit(outer, inner).P2).toEqual([
      ["We promise ", "F1"],
      ["100 % uptime", "F1 F2"],
      [" 👩‍💻", "F2"],
    ]);
  });

  test("never tints when the finding is not verified", () => {
    const unverified = finding("F1", [quote("soon")], { verified: false });

    expect(lit(unverified)).toEqual({ P1: [], P2: [] });
  });

  test("never tints when it stands in several places or in none", () => {
    const nowhere = quote("soon", { status: "not_found", start: null, end: null });
    const anywhere = quote("soon", { status: "ambiguous" });

    expect(lit(finding("F1", [nowhere, anywhere]))).toEqual({ P1: [], P2: [] });
  });
});

test("segments put together are the paragraph", () => {
  const text = "abcdefgh";
  const mark = (start: number, end: number): Mark => ({
    findingId: `${start}`,
    panelistId: "A",
    tone: "minor",
    title: "",
    start,
    end,
  });

  const segments = segmentParagraph(text, [mark(0, 3), mark(2, 8), mark(2, 3)]);

  expect(segments.map((segment) => segment.text).join("")).toBe(text);
  expect(segments.map(({ begins }) => begins)).toEqual([["0"], ["2"], []]);
});

test("the gravest finding colours a segment, praise only when alone", () => {
  const of = (tone: Mark["tone"]): Mark => ({
    findingId: tone,
    panelistId: "A",
    tone,
    title: "",
    start: 0,
    end: 1,
  });

  expect(gravest([of("note"), of("blocker"), of("strength")])).toBe("blocker");
  expect(gravest([of("strength")])).toBe("strength");
});
