import { expect, test } from "vitest";

import type { Cluster } from "@/lib/api/process-types";
import type { Finding, Severity } from "@/lib/api/types";

import { fromSnapshot, type RunState } from "./run-state";
import { play, readLog } from "./testdata/read-log";
import { firstThings } from "./to-do";

const RUN = play(readLog("review"));

function finding(id: string, change: Partial<Finding> = {}): Finding {
  const sample = RUN.findings[0];
  if (sample === undefined) throw new Error("The log has no finding.");
  const base = { kind: "error", severity: "major", verified: true } as const;
  return { ...sample, ...base, disposition: "open", id, ...change };
}

function cluster(severity: Severity, ...ids: string[]): Cluster {
  return {
    id: `K${ids.join("")}`,
    severity,
    lead_finding_id: ids[0] ?? "",
    finding_ids: ids,
  };
}

function state(findings: Finding[], clusters: Cluster[]): RunState {
  return fromSnapshot({
    ...RUN.run,
    turns: [],
    findings,
    clusters,
    agenda: [],
    stances: [],
    decision: null,
    synthesis: null,
    last_sequence: 1,
  });
}

function leads(findings: Finding[], clusters: Cluster[]): string[] {
  return firstThings(state(findings, clusters)).map(({ lead }) => lead.id);
}

test("the gravest come first, then what more readers found", () => {
  const found = ["a", "b", "c", "d"].map((id) => finding(id));
  const clusters = [
    cluster("minor", "a"),
    cluster("major", "b"),
    cluster("major", "c", "d"),
  ];

  expect(leads(found, clusters)).toEqual(["c", "b", "a"]);
});

test("praise, notes, the unverified and the rejected are nothing to do", () => {
  const found = [
    finding("praise", { kind: "strength" }),
    finding("note", { severity: "note" }),
    finding("doubtful", { verified: false }),
    finding("refused", { disposition: "rejected" }),
    finding("real"),
  ];

  expect(leads(found, found.map(({ id }) => cluster("major", id)))).toEqual(["real"]);
});

test("there are seven at most", () => {
  const found = [..."abcdefghij"].map((id) => finding(id));

  expect(leads(found, found.map(({ id }) => cluster("major", id)))).toHaveLength(7);
});
