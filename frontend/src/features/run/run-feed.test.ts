import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { ApiError } from "@/lib/api/client";
import type { Run } from "@/lib/api/run-types";
import type { StreamListener } from "@/lib/sse";

import { openRunFeed, type Connection } from "./run-feed";
import type { RunState } from "./run-state";

const LOG = readFileSync(new URL("./testdata/review.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n");

/** The run as it was created, said to be at a later place in its log. */
function snapshotAt(sequence: number, change: Partial<Run> = {}): Run {
  const first = JSON.parse(LOG[0] ?? "") as { run: Run };
  const lists = { turns: [], findings: [], decision: null };
  const run = { ...first.run, ...lists, state: "running" as const };
  return { ...run, last_sequence: sequence, ...change };
}

/** A gateway in memory: snapshots in turn, streams that a test speaks through. */
function gateway(snapshots: (Run | Error)[]) {
  const streams: { url: string; listener: StreamListener; isOpen: boolean }[] = [];
  const seen: { state: RunState; connection: Connection }[] = [];
  const troubles: { error: unknown; final: boolean }[] = [];
  const close = openRunFeed(
    {
      fetchRun: () => {
        const next = snapshots.shift();
        return next instanceof Error || next === undefined
          ? Promise.reject(next ?? new Error("No snapshot is left."))
          : Promise.resolve(next);
      },
      openStream: (url, listener) => {
        const stream = { url, listener, isOpen: true };
        streams.push(stream);
        return () => {
          stream.isOpen = false;
        };
      },
      eventsUrl: (after) => `events?after=${after}`,
      isPassing: (error) => error instanceof ApiError && error.problem.status >= 500,
    },
    {
      onChange: (state, connection) => seen.push({ state, connection }),
      onTrouble: (error, final) => troubles.push({ error, final }),
    },
  );
  const say = (...lines: (string | undefined)[]) => {
    for (const line of lines) if (line) streams.at(-1)?.listener.onEvent(line);
  };
  return { close, say, seen, streams, troubles };
}

const away = () => new ApiError({ status: 503, title: "The store is away." });

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a feed", () => {
  test("opens the stream behind the snapshot and shows what follows", async () => {
    const { say, seen, streams } = gateway([snapshotAt(1)]);
    await vi.advanceTimersByTimeAsync(0);

    say(...LOG.slice(1, 5));
    await vi.advanceTimersByTimeAsync(50);

    expect(streams.map(({ url }) => url)).toEqual(["events?after=1"]);
    expect(seen.at(-1)?.state.lastSequence).toBe(5);
  });

  test("asks for no stream when the run is at rest", async () => {
    const { seen, streams } = gateway([snapshotAt(9, { state: "cancelled" })]);
    await vi.advanceTimersByTimeAsync(0);

    expect(streams).toEqual([]);
    expect(seen.at(-1)?.connection).toBe("at_rest");
  });

  test("closes its stream at the end of the run, so no browser asks again", async () => {
    const { say, seen, streams } = gateway([snapshotAt(1)]);
    await vi.advanceTimersByTimeAsync(0);

    say(...LOG.slice(1));
    await vi.advanceTimersByTimeAsync(50);

    expect(streams[0]?.isOpen).toBe(false);
    expect(seen.at(-1)?.connection).toBe("at_rest");
    expect(seen.at(-1)?.state.run.state).toBe("succeeded");
  });

  test("begins anew when the stream has ended for good", async () => {
    const { seen, streams } = gateway([snapshotAt(1), snapshotAt(40)]);
    await vi.advanceTimersByTimeAsync(0);

    streams[0]?.listener.onClosed();
    expect(seen.at(-1)?.connection).toBe("lost");
    await vi.advanceTimersByTimeAsync(1_000);

    expect(streams.map(({ url }) => url)).toEqual(["events?after=1", "events?after=40"]);
  });

  test("takes what came just before the stream closed", async () => {
    const { say, seen, streams } = gateway([snapshotAt(1)]);
    await vi.advanceTimersByTimeAsync(0);

    say(LOG[1]);
    streams[0]?.listener.onClosed();

    expect(seen.at(-1)?.state.lastSequence).toBe(2);
  });

  test("reads a new snapshot when an event is missing", async () => {
    const { say, streams } = gateway([snapshotAt(1), snapshotAt(30)]);
    await vi.advanceTimersByTimeAsync(0);

    say(LOG[1], LOG[3]);
    await vi.advanceTimersByTimeAsync(50 + 1_000);

    expect(streams.map(({ isOpen }) => isOpen)).toEqual([false, true]);
    expect(streams[1]?.url).toBe("events?after=30");
  });

  test("waits longer each time while the gateway is away", async () => {
    const { streams, troubles } = gateway([away(), away(), away(), snapshotAt(3)]);

    await vi.advanceTimersByTimeAsync(1_000 + 2_000 + 3_999);
    expect(streams).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);

    expect(troubles.map(({ final }) => final)).toEqual([false, false, false]);
    expect(streams).toHaveLength(1);
  });

  test("gives up when asking again can't help", async () => {
    const gone = new ApiError({ status: 404, title: "There is no such run." });
    const { troubles } = gateway([gone]);

    await vi.advanceTimersByTimeAsync(60_000);

    expect(troubles).toEqual([{ error: gone, final: true }]);
  });

  test("is silent once it is closed", async () => {
    const { close, say, seen, streams } = gateway([snapshotAt(1)]);
    await vi.advanceTimersByTimeAsync(0);
    const before = seen.length;

    say(LOG[1]);
    close();
    await vi.advanceTimersByTimeAsync(60_000);

    expect(seen).toHaveLength(before);
    expect(streams[0]?.isOpen).toBe(false);
  });
});
