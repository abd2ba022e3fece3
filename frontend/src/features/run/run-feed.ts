import { parseRunEvent } from "@/lib/api/run-events";
import type { Run } from "@/lib/api/run-types";
import { backOffMs } from "@/lib/back-off";
import type { OpenStream } from "@/lib/sse";

import { isQuiet } from "./run-life";
import { fromSnapshot, reduceRun, type RunState } from "./run-state";

/** How things stand between the page and the gateway. */
export type Connection = "live" | "connecting" | "lost" | "at_rest";

export interface FeedListener {
  onChange: (state: RunState, connection: Connection) => void;
  /** The snapshot could not be read; the feed keeps trying if `final` is false. */
  onTrouble: (error: unknown, final: boolean) => void;
}

export interface FeedSource {
  fetchRun: (signal: AbortSignal) => Promise<Run>;
  openStream: OpenStream;
  eventsUrl: (after: number) => string;
  /** Whether asking again may help. */
  isPassing: (error: unknown) => boolean;
}

/** Words arrive up to 20 times a second a turn; the page is drawn as often at most. */
const BATCH_MS = 50;

/**
 * Keeps a run current: a snapshot, then the events behind it, and both again
 * whenever the stream ends for good or has left a hole.
 *
 * @returns A function that ends the feed.
 */
export function openRunFeed(
  source: FeedSource,
  listener: FeedListener,
): () => void {
  const abort = new AbortController();
  let state: RunState | null = null;
  let connection: Connection = "connecting";
  let waits = 0;
  let pending: string[] = [];
  let closeStream: (() => void) | undefined;
  let batchTimer: ReturnType<typeof setTimeout> | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;

  function tell(next: Connection): void {
    connection = next;
    if (state) listener.onChange(state, connection);
  }

  async function load(): Promise<void> {
    try {
      state = fromSnapshot(await source.fetchRun(abort.signal));
    } catch (error) {
      if (abort.signal.aborted) return;
      const passing = source.isPassing(error);
      listener.onTrouble(error, !passing);
      if (passing) loadAgain();
      return;
    }
    follow(state);
  }

  function follow(current: RunState): void {
    if (isQuiet(current)) {
      tell("at_rest");
      return;
    }
    tell("connecting");
    closeStream = source.openStream(source.eventsUrl(current.lastSequence), {
      onEvent: (data) => {
        pending.push(data);
        batchTimer ??= setTimeout(flush, BATCH_MS);
      },
      onOpen: () => {
        waits = 0;
        tell("live");
      },
      onInterrupted: () => {
        tell("lost");
      },
      onClosed: () => {
        flush();
        if (connection !== "at_rest") loadAgain();
      },
    });
  }

  function flush(): void {
    clearTimeout(batchTimer);
    batchTimer = undefined;
    const batch = pending;
    pending = [];
    if (state === null || batch.length === 0) return;
    state = batch.map(parseRunEvent).reduce(reduceRun, state);
    if (state.gap) {
      loadAgain();
    } else if (isQuiet(state)) {
      closeStream?.();
      tell("at_rest");
    } else {
      tell("live");
    }
  }

  function loadAgain(): void {
    closeStream?.();
    clearTimeout(retryTimer);
    pending = [];
    tell("lost");
    waits += 1;
    retryTimer = setTimeout(() => void load(), backOffMs(waits));
  }

  void load();
  return () => {
    abort.abort();
    closeStream?.();
    clearTimeout(batchTimer);
    clearTimeout(retryTimer);
  };
}
