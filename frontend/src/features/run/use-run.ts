"use client";

import { useCallback, useEffect, useState } from "react";

import { ApiError, apiUrl, getJson } from "@/lib/api/client";
import { RUN_EVENT_TYPES } from "@/lib/api/run-events";
import type { Run } from "@/lib/api/run-types";
import { eventSourceOpener } from "@/lib/sse";

import { openRunFeed, type Connection } from "./run-feed";
import type { RunState } from "./run-state";

export interface RunFeedView {
  state: RunState | null;
  connection: Connection;
  /** Why there is nothing to show, or why it is not current. */
  error: unknown;
  /** Whether the page has given up asking. */
  isFinal: boolean;
  again: () => void;
  /** Reads the run anew and follows it, with what is known shown meanwhile. */
  refresh: () => void;
}

const NOTHING_YET = {
  state: null,
  connection: "connecting" as Connection,
  error: null as unknown,
  isFinal: false,
};

/** Refusals that asking again does not change. */
const LASTING = [400, 403, 404];

/** A run as it is now, for as long as the component is shown. */
export function useRun(runId: string): RunFeedView {
  const [view, setView] = useState<Omit<RunFeedView, "again" | "refresh">>(NOTHING_YET);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    const path = `/runs/${encodeURIComponent(runId)}`;
    return openRunFeed(
      {
        fetchRun: (signal) => getJson<Run>(path, signal),
        openStream: eventSourceOpener(RUN_EVENT_TYPES),
        eventsUrl: (after) => apiUrl(`${path}/events?after=${after}`),
        isPassing: (error) =>
          error instanceof ApiError && !LASTING.includes(error.problem.status),
      },
      {
        onChange: (state, connection) => {
          setView({ state, connection, error: null, isFinal: false });
        },
        onTrouble: (error, isFinal) => {
          setView((before) => ({ ...before, error, isFinal }));
        },
      },
    );
  }, [runId, tries]);

  const again = useCallback(() => {
    setView(NOTHING_YET);
    setTries((count) => count + 1);
  }, []);
  const refresh = useCallback(() => {
    setTries((count) => count + 1);
  }, []);
  return { ...view, again, refresh };
}
