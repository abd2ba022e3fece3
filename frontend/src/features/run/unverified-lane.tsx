import { FindingRow } from "./finding-row";
import type { RunState } from "./run-state";
import styles from "./unverified-lane.module.css";
import type { Selection } from "./use-selection";

interface UnverifiedLaneProps {
  state: RunState;
  selection: Selection;
}

/** Findings whose evidence code did not find: shown, but they count for nothing. */
export function UnverifiedLane({ state, selection }: UnverifiedLaneProps) {
  const waiting = state.findings.filter((finding) => !finding.verified);
  if (waiting.length === 0) return null;
  const nameOf = (id: string) =>
    state.run.panelists.find((panelist) => panelist.id === id)?.persona.name;
  return (
    <section
      className={styles.lane}
      aria-labelledby="unverified-title"
      data-testid="unverified-lane"
    >
      <h2 id="unverified-title">Not verified ({waiting.length})</h2>
      <p>
        Their evidence was not found in your document, so they do not count
        toward the decision.
      </p>
      <ul>
        {waiting.map((finding) => (
          <FindingRow
            key={finding.id}
            finding={finding}
            by={nameOf(finding.panelist_id)}
            isActive={finding.id === selection.activeId}
            onFinding={selection.go}
            onUnpin={selection.unpin}
          />
        ))}
      </ul>
    </section>
  );
}
