"use client";

import { useCallback, useEffect, useState } from "react";

export type Loaded<Value> =
  | { status: "loading" }
  | { status: "error"; error: unknown; again: () => void }
  | { status: "ready"; value: Value };

interface Outcome<Value> {
  request: string;
  result: { value: Value } | { error: unknown };
}

/**
 * Loads what a key names, anew when the key changes. `load` must keep its identity
 * between renders.
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
    const abort = new AbortController();
    load(key, abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setOutcome({ request, result: { value } });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setOutcome({ request, result: { error } });
      },
    );
    return () => {
      abort.abort();
    };
  }, [key, request, load]);

  if (outcome?.request !== request) return { status: "loading" };
  const { result } = outcome;
  return "error" in result
    ? { status: "error", error: result.error, again }
    : { status: "ready", value: result.value };
}
