"use client";

import { useEffect, useRef, useState } from "react";

import { plural } from "@/lib/plural";

import { decisionSentence } from "./decision-words";
import { countProgress, stagesOf } from "./progress";
import type { RunState } from "./run-state";
import { progressWords } from "./words";

/** Long enough that a burst of findings is told in one sentence. */
const PAUSE_MS = 1_500;

/** Tells screen readers of stages and findings, never of each word. */
export function LiveRegion({ state }: { state: RunState }) {
  const [words, setWords] = useState("");
  const latest = useRef(state);
  const told = useRef(state);

  useEffect(() => {
    latest.current = state;
  }, [state]);

  useEffect(() => {
    const timer = setInterval(() => {
      const news = newsBetween(told.current, latest.current);
      told.current = latest.current;
      if (news !== "") setWords(news);
    }, PAUSE_MS);
    return () => {
      clearInterval(timer);
    };
  }, []);

  return (
    <div className="visually-hidden" aria-live="polite" data-testid="live-region">
      {words}
    </div>
  );
}

/** What has changed that is worth saying aloud; empty when nothing has. */
export function newsBetween(before: RunState, after: RunState): string {
  const news: string[] = [];
  const known = new Set(before.findings.map(({ id }) => id));
  const fresh = after.findings.filter(({ id }) => !known.has(id));
  const only = fresh.length === 1 ? fresh[0] : undefined;
  if (only) news.push(`New finding, ${only.severity}: ${only.title}.`);
  else if (fresh.length > 1) news.push(`${plural(fresh.length, "new finding")}.`);
  const isFurther =
    currentStage(before) !== currentStage(after) ||
    countProgress(before).finished !== countProgress(after).finished ||
    before.run.state !== after.run.state;
  if (isFurther) news.push(`${progressWords(after, Date.now())}.`);
  if (before.decision === null && after.decision !== null) {
    news.push(decisionSentence(after.decision, after.clusters));
  }
  return news.join(" ");
}

function currentStage(state: RunState): string {
  return stagesOf(state)
    .map(({ progress }) => progress)
    .join(" ");
}
