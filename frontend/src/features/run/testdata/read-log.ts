import { readFileSync } from "node:fs";

import { parseRunEvent } from "@/lib/api/run-events";

import { fromSnapshot, reduceRun, type LogEvent, type RunState } from "../run-state";

/** A recorded log of a run, event by event. */
export function readLog(name: string): LogEvent[] {
  const file = new URL(`./${name}.jsonl`, import.meta.url);
  return readFileSync(file, "utf8").trim().split("\n").map(parseRunEvent);
}

/** What a viewer sees who has watched the run from its creation on. */
export function play(log: LogEvent[], until = log.length): RunState {
  const first = log[0];
  if (first?.type !== "run.created") {
    throw new Error("A log begins with run.created.");
  }
  const opened = fromSnapshot({
    ...first.run,
    turns: [],
    findings: [],
    clusters: [],
    agenda: [],
    stances: [],
    decision: null,
    synthesis: null,
    last_sequence: 1,
  });
  return log.slice(0, until).reduce(reduceRun, opened);
}

/** How many events a log has up to and with the first that satisfies a test. */
export function upTo(log: LogEvent[], isIt: (event: LogEvent) => boolean): number {
  const index = log.findIndex(isIt);
  if (index < 0) throw new Error("The log has no such event.");
  return index + 1;
}
