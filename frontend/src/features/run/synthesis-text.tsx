import { Citations } from "./finding-link";
import type { RunState } from "./run-state";
import styles from "./result.module.css";

interface SynthesisTextProps {
  state: RunState;
  onFinding: (findingId: string) => void;
}

/** The moderator's text; every sentence shows the findings it rests on. */
export function SynthesisText({ state, onFinding }: SynthesisTextProps) {
  const { synthesis, findings } = state;
  if (synthesis === null) return null;
  const { sentences, minority, not_examined: gaps } = synthesis;
  return (
    <section
      className={styles.section}
      aria-labelledby="synthesis-title"
      data-testid="synthesis"
    >
      <h2 id="synthesis-title">In short</h2>
      <p className={styles.prose}>
        {sentences.map(({ text, finding_ids: ids }, index) => (
          <span key={index}>
            {text}
            <Citations findingIds={ids} findings={findings} onFinding={onFinding} />{" "}
          </span>
        ))}
      </p>
      {minority.length > 0 && (
        <>
          <h3>A minority holds against it</h3>
          <ul className={styles.list}>
            {minority.map(({ text, finding_ids: ids }, index) => (
              <li key={index}>
                {text}
                <Citations
                  findingIds={ids}
                  findings={findings}
                  onFinding={onFinding}
                />
              </li>
            ))}
          </ul>
        </>
      )}
      {gaps.length > 0 && (
        <>
          <h3>What nobody examined</h3>
          <ul className={styles.list}>
            {gaps.map((gap, index) => (
              <li key={index}>{gap}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
