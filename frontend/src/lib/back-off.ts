const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** How long to wait after so many failed tries in a row: 1, 2, 4 … 15 s. */
export function backOffMs(failedTries: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** (failedTries - 1), LONGEST_WAIT_MS);
}
