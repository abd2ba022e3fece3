import type { Problem } from "@/lib/api/types";
import { READABLE_WORDS } from "@/lib/readable";

const BY_STATUS: Record<number, string> = {
  0: "Check that it is running and that you are online, then try again. Nothing was lost.",
  403: "Open the page at the address it was set up for, or ask its administrator.",
  404: "It may have been deleted, or it belongs to somebody else.",
  409: "Reload the page to see where things stand.",
  413: "Shorten the document, or split it and review the parts.",
  415: `Use ${READABLE_WORDS}.`,
  422: "Mend what is named here, then try again.",
  429: "Wait a moment, then try again.",
  503: "Wait a moment, then try again. Nothing was lost.",
};

/** What the reader can do about a problem, in one or two sentences. */
export function adviceFor(
  problem: Problem,
  retryAfterSeconds: number | null,
): string {
  if (retryAfterSeconds !== null) {
    return `Try again in ${retryAfterSeconds} s. Nothing was lost.`;
  }
  return (
    BY_STATUS[problem.status] ??
    "Try again. If it stays, give the request id below to whoever runs Roundtable."
  );
}
