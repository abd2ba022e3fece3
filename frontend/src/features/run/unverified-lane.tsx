import type { Answering } from "./disposition-choice";
import { FindingRow } from "./finding-row";
import { readerOf } from "./readers";
import type { RunState } from "./run-state";
import styles from "./unverified-lane.module.css";
import type { Selection } from "./use-selection";

interface UnverifiedLaneProps {
  state: RunState;
  names: ReadonlyMap<string, string>;
  selection: Selection;
  answering: Answering | null;
}

/** Findings whose evidence code did not find: shown, but they count for nothing. */
export function UnverifiedLane(props: UnverifiedLaneProps) {
  const { state, names, selection, answering } = props;
  const waiting = state.findings.filter((finding) => !finding.verified);
  if (waiting.length === 0) return null;
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
            by={names.get(readerOf(finding))}
            answering={answering}
            isActive={finding.id === selection.activeId}
            onFinding={selection.go}
            onUnpin={selection.unpin}
          />
        ))}
      </ul>
    </section>
  );
}
