import { expect, test } from "vitest";

import { adviceFor } from "./advice";

test("a refused type of document is answered with the types that are read", () => {
  const advice = adviceFor({ status: 415, title: "Not readable." }, null);

  expect(advice).toBe("Use Markdown, plain text, PDF, Word, PowerPoint or HTML.");
});
