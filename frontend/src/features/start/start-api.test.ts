import { expect, test } from "vitest";

import { titleOf } from "@/features/start/start-api";

test("a pasted text is called by its first line, without heading marks", () => {
  expect(titleOf("\n## Launch plan 🚀\n\nWe launch.")).toBe("Launch plan 🚀");
});

test("a line of nothing but heading marks is passed over", () => {
  expect(titleOf("#\n\nWe launch.")).toBe("We launch.");
  expect(titleOf("##")).toBe("Pasted text");
});

test("a long first line is cut at 80 characters, never inside one", () => {
  const title = titleOf("🚀".repeat(200));

  expect([...title]).toHaveLength(80);
  expect(title.endsWith("🚀…")).toBe(true);
});
