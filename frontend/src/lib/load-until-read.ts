import { isPassing } from "@/lib/api/client";
import { backOffMs } from "@/lib/back-off";

export interface LoadListener<Value> {
  onValue: (value: Value) => void;
  /** It could not be read; asked again by itself if the trouble is a passing one. */
  onError: (error: unknown) => void;
}

/**
 * Loads a value, and again while the gateway is away.
 *
 * @returns A function that ends the trying; nothing is heard after it.
 */
export function loadUntilRead<Value>(
  load: (signal: AbortSignal) => Promise<Value>,
  listener: LoadListener<Value>,
): () => void {
  const abort = new AbortController();
  let failedTries = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function attempt(): void {
    load(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) listener.onValue(value);
      },
      (error: unknown) => {
        if (!abort.signal.aborted) fail(error);
      },
    );
  }

  function fail(error: unknown): void {
    listener.onError(error);
    if (!isPassing(error)) return;
    failedTries += 1;
    timer = setTimeout(attempt, backOffMs(failedTries));
  }

  attempt();
  return () => {
    abort.abort();
    clearTimeout(timer);
  };
}
