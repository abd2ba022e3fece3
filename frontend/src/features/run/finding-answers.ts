import type { Finding } from "@/lib/api/types";

/** Whether a finding of a snapshot is not as it came, so that the author answered it. */
export function isAnswered(finding: Finding): boolean {
  const came = finding.rejected_in_run_id ? "rejected" : "open";
  return finding.disposition !== came;
}

/** A finding as a panelist put it otherwise, with the answer that the author gave. */
export function withAnswer(finding: Finding, known: Finding): Finding {
  const { disposition, disposition_reason } = known;
  return { ...finding, disposition, disposition_reason };
}
