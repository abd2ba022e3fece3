import type { Cluster } from "@/lib/api/process-types";
import type { Finding, Severity } from "@/lib/api/types";

import type { RunState } from "./run-state";

const GRAVEST_FIRST: Severity[] = ["blocker", "major", "minor", "note"];
const MOST = 7;

/** A cluster as something to do, with its findings. */
export interface FirstThing {
  cluster: Cluster;
  lead: Finding;
  members: Finding[];
}

/**
 * What to do first: the gravest clusters whose lead says what is wrong and was
 * verified, those that more readers found before those that fewer found.
 */
export function firstThings(state: RunState): FirstThing[] {
  const byId = new Map(state.findings.map((finding) => [finding.id, finding]));
  const things = state.clusters.flatMap((cluster) => {
    const lead = byId.get(cluster.lead_finding_id);
    if (lead === undefined || !isToDo(lead)) return [];
    const members = cluster.finding_ids.flatMap((id) => byId.get(id) ?? []);
    return [{ cluster, lead, members }];
  });
  return things
    .sort(
      (a, b) =>
        rank(a.cluster) - rank(b.cluster) || b.members.length - a.members.length,
    )
    .slice(0, MOST);
}

/** The findings that speak for some: each one's cluster's lead, once. */
export function leadsOf(
  findingIds: readonly string[],
  clusters: readonly Cluster[],
): string[] {
  const leads = findingIds.map(
    (id) =>
      clusters.find(({ finding_ids: ids }) => ids.includes(id))
        ?.lead_finding_id ?? id,
  );
  return [...new Set(leads)];
}

function rank({ severity }: Cluster): number {
  return GRAVEST_FIRST.indexOf(severity);
}

function isToDo({ kind, verified, severity, disposition }: Finding): boolean {
  const isWrong = kind === "error" || kind === "omission" || kind === "risk";
  return isWrong && verified && severity !== "note" && disposition !== "rejected";
}
