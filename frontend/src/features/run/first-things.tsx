import { plural } from "@/lib/plural";

import { FindingLink } from "./finding-link";
import { readerOf } from "./readers";
import styles from "./result.module.css";
import type { RunState } from "./run-state";
import { firstThings, type FirstThing } from "./to-do";

interface FirstThingsProps {
  state: RunState;
  names: ReadonlyMap<string, string>;
  onFinding: (findingId: string) => void;
}

/** The few things to do first; everything else stands in the panel. */
export function FirstThings({ state, names, onFinding }: FirstThingsProps) {
  if (state.decision === null) return null;
  const things = firstThings(state);
  if (things.length === 0) return null;
  return (
    <section
      className={styles.section}
      aria-labelledby="first-things-title"
      data-testid="first-things"
    >
      <h2 id="first-things-title">Do these first</h2>
      <ol className={styles.list}>
        {things.map((thing) => (
          <li key={thing.cluster.id}>
            <FindingLink finding={thing.lead} onFinding={onFinding} />
            <p className={styles.small}>
              {thing.lead.fix} {foundWords(thing, names)}
            </p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function foundWords(
  { members }: FirstThing,
  names: ReadonlyMap<string, string>,
): string {
  const readers = [...new Set(members.map(readerOf))];
  const first = readers[0] ?? "";
  const others = readers.length - 1;
  const who = names.get(first) ?? first;
  return others === 0
    ? `(${who})`
    : `(${who} and ${plural(others, "other")})`;
}
