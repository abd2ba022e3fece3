"use client";

import { useCallback, useEffect, useState } from "react";

import { loadUntilRead } from "@/lib/load-until-read";

export type Loaded<Value> =
  | { status: "loading" }
  | { status: "error"; error: unknown; again: () => void }
  | { status: "ready"; value: Value };

interface Outcome<Value> {
  request: string;
  result: { value: Value } | { error: unknown };
}

/**
 * Loads what a key names, anew when the key changes; an error stands until a try,
 * the reader's or the page's own, succeeds. `load` must keep its identity between
 * renders.
 */
export function useLoad<Value>(
  key: string,
  load: (key: string, signal: AbortSignal) => Promise<Value>,
): Loaded<Value> {
  const [tries, setTries] = useState(0);
  const [outcome, setOutcome] = useState<Outcome<Value> | null>(null);
  const request = `${tries} ${key}`;
  const again = useCallback(() => {
    setTries((count) => count + 1);
  }, []);

  useEffect(() => {
    return loadUntilRead((signal) => load(key, signal), {
      onValue: (value) => {
        setOutcome({ request, result: { value } });
      },
      onError: (error) => {
        setOutcome({ request, result: { error } });
      },
    });
  }, [key, request, load]);

  if (outcome?.request !== request) return { status: "loading" };
  const { result } = outcome;
  return "error" in result
    ? { status: "error", error: result.error, again }
    : { status: "ready", value: result.value };
}
