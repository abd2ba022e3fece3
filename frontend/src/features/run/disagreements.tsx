import type { AgendaItem, Move, Stance } from "@/lib/api/process-types";
import { hueClass } from "@/lib/seat-look";

import { Citations } from "./finding-link";
import styles from "./result.module.css";
import type { RunState } from "./run-state";

interface DisagreementsProps {
  state: RunState;
  seats: ReadonlyMap<string, number>;
  names: ReadonlyMap<string, string>;
  onFinding: (findingId: string) => void;
}

/** What the panel discussed, and who changed their mind on what evidence. */
export function Disagreements(props: DisagreementsProps) {
  const { agenda } = props.state;
  if (agenda.length === 0) return null;
  return (
    <section
      className={styles.section}
      aria-labelledby="disagreements-title"
      data-testid="disagreements"
    >
      <h2 id="disagreements-title">Where they disagreed</h2>
      <ul>
        {agenda.map((item) => (
          <Item key={item.id} {...props} item={item} />
        ))}
      </ul>
    </section>
  );
}

function Item(props: DisagreementsProps & { item: AgendaItem }) {
  const { state, seats, names, onFinding, item } = props;
  const stances = state.stances.filter(({ item_id: id }) => id === item.id);
  return (
    <li className={styles.item} data-testid={`agenda-${item.id}`}>
      <p>
        {item.question}
        <Citations
          findingIds={item.finding_ids}
          findings={state.findings}
          onFinding={onFinding}
        />
      </p>
      <ul className={styles.stances}>
        {stances.map((stance) => (
          <li
            key={`${stance.turn_id} ${stance.panelist_id}`}
            className={hueClass(seats.get(stance.panelist_id) ?? 0)}
          >
            <span className={styles.who}>
              {names.get(stance.panelist_id) ?? stance.panelist_id}
            </span>{" "}
            {MOVE_WORDS[stance.move]}
            {changeWords(stance)}: {stance.argument}
            {stance.is_change && !stance.is_evidenced && (
              <span className={styles.unproved}>
                {" "}
                Changed without new evidence; moves nothing.
              </span>
            )}
            {stance.is_evidenced &&
              stance.quotes.map(
                ({ text }, index) =>
                  text !== null && <blockquote key={index}>{text}</blockquote>,
              )}
          </li>
        ))}
      </ul>
    </li>
  );
}

const MOVE_WORDS: Record<Move, string> = {
  support: "stands by it",
  challenge: "speaks against it",
  refine: "puts it otherwise",
  concede: "gives way",
  add_evidence: "shows more of it",
};

function changeWords({ severity_before: before, severity_after: after }: Stance) {
  if (before === null || after === null || before === after) return "";
  return `, from ${before} to ${after}`;
}
