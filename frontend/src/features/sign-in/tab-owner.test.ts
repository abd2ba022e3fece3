import { expect, test } from "vitest";

import { claimTab, hasOwner } from "./tab-owner";

function tabWith(entries: Record<string, string>): Storage {
  const kept = new Map(Object.entries(entries));
  return {
    get length() {
      return kept.size;
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
    clear: () => {
      kept.clear();
    },
  };
}

test("who comes back finds what they typed", () => {
  const tab = tabWith({ "pasted-text": "We launch." });

  expect(claimTab("ada@example.org", tab)).toBe(true);
  expect(claimTab("ada@example.org", tab)).toBe(true);

  expect(tab.getItem("pasted-text")).toBe("We launch.");
});

test("somebody else finds nothing of it", () => {
  const tab = tabWith({ "pasted-text": "We launch." });
  claimTab("ada@example.org", tab);

  expect(claimTab("ben@example.org", tab)).toBe(false);

  expect(tab.getItem("pasted-text")).toBeNull();
  expect(claimTab("ben@example.org", tab)).toBe(true);
});

test("a new tab is nobody's", () => {
  const tab = tabWith({});

  expect(hasOwner(tab)).toBe(false);
  claimTab("ada@example.org", tab);

  expect(hasOwner(tab)).toBe(true);
});
