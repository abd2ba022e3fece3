import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { ApiError } from "@/lib/api/client";

import { loadUntilRead } from "./load-until-read";

/** A source that answers in turn, and what is heard from it. */
function listen(answers: (string | Error)[]) {
  const heard: unknown[] = [];
  const close = loadUntilRead(
    () => {
      const next = answers.shift() ?? new Error("No answer is left.");
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    {
      onValue: (value) => heard.push(value),
      onError: (error) => heard.push(error),
    },
  );
  return { answers, close, heard };
}

const refusal = (status: number) => new ApiError({ status, title: "Refused." });

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

test.each([0, 429, 502, 503, 504])("asks again by itself after a %i", async (status) => {
  const error = refusal(status);
  const { heard } = listen([error, "text"]);

  await vi.advanceTimersByTimeAsync(999);
  expect(heard).toEqual([error]);
  await vi.advanceTimersByTimeAsync(1);

  expect(heard).toEqual([error, "text"]);
});

test("waits longer each time, 15 s at most", async () => {
  const { answers } = listen(Array.from({ length: 9 }, () => refusal(503)));
  const left: number[] = [];

  for (const seconds of [0, 1, 2, 4, 8, 15, 15]) {
    await vi.advanceTimersByTimeAsync(seconds * 1_000);
    left.push(answers.length);
  }

  expect(left).toEqual([8, 7, 6, 5, 4, 3, 2]);
});

test.each([404, 500])("leaves a %i standing", async (status) => {
  const error = refusal(status);
  const { answers, heard } = listen([error, "text"]);

  await vi.advanceTimersByTimeAsync(60_000);

  expect(heard).toEqual([error]);
  expect(answers).toEqual(["text"]);
});

test("asks no more once it is closed", async () => {
  const { answers, close } = listen([refusal(503), "text"]);
  await vi.advanceTimersByTimeAsync(0);

  close();
  await vi.advanceTimersByTimeAsync(60_000);

  expect(answers).toEqual(["text"]);
});

test("says nothing of an answer that comes after it is closed", async () => {
  const { close, heard } = listen(["text"]);

  close();
  await vi.advanceTimersByTimeAsync(0);

  expect(heard).toEqual([]);
});
