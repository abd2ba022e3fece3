import type { Decision } from "@/lib/api/types";
import { hueClass } from "@/lib/seat-look";
import { decisionSentence } from "./decision-words";
import { FindingLink } from "./finding-link";
import styles from "./headline.module.css";
import { isAtRest } from "./run-life";
import type { RunState } from "./run-state";
import { leadsOf } from "./to-do";
import { reasonWords } from "./words";

interface HeadlineProps {
  state: RunState;
  seats: ReadonlyMap<string, number>;
  onFinding: (findingId: string) => void;
}

/** The panel's decision, or the place it will stand in. */
export function Headline(props: HeadlineProps) {
  const { decision, run } = props.state;
  if (decision !== null) {
    return <DecisionBlock {...props} decision={decision} />;
  }
  return (
    <section className={styles.headline} aria-label="Decision">
      <p className={styles.pending} data-testid="no-decision-yet">
        {isAtRest(run)
          ? withoutDecision(props.state)
          : "The decision will stand here once the reviewers are done."}
      </p>
    </section>
  );
}

function withoutDecision({ run }: RunState): string {
  if (run.state === "cancelled") {
    return "You cancelled this run, so the panel decided nothing. What it found until then stands below.";
  }
  return `The panel decided nothing because ${reasonWords(run.reason)}. What it found stands below.`;
}

interface DecisionBlockProps extends HeadlineProps {
  decision: Decision;
}

function DecisionBlock(props: DecisionBlockProps) {
  const { state, decision, onFinding } = props;
  const blockers = leadsOf(decision.blockers, state.clusters).flatMap(
    (id) => state.findings.find((finding) => finding.id === id) ?? [],
  );
  return (
    <section
      className={styles.headline}
      aria-label="Decision"
      data-testid="decision"
      data-outcome={decision.outcome}
      data-reason={decision.reason}
    >
      <div>
        <h2 className={styles.sentence}>{decisionSentence(decision, state.clusters)}</h2>
        {state.currentDecision !== null && (
          <p className={styles.current} data-testid="current-decision">
            With your answers: {decisionSentence(state.currentDecision, state.clusters)}
          </p>
        )}
      </div>
      <dl className={styles.figures}>
        <Figure label="Score" value={decision.score} unit="of 5" />
        {decision.score_after_discussion !== null && (
          <Figure
            label="After discussion"
            value={decision.score_after_discussion}
            unit="of 5"
          />
        )}
        <Figure label="Spread" value={decision.spread} />
        <Figure
          label="Finished"
          value={decision.seats_finished}
          unit={`of ${decision.seats}`}
        />
      </dl>
      <div className={styles.grounds}>
        {blockers.length > 0 && (
          <div>
            <h3>In the way</h3>
            <ul>
              {blockers.map((finding) => (
                <li key={finding.id}>
                  <FindingLink finding={finding} onFinding={onFinding} />
                </li>
              ))}
            </ul>
          </div>
        )}
        <DissentList {...props} />
      </div>
    </section>
  );
}

interface FigureProps {
  label: string;
  value: number | null;
  unit?: string;
}

function Figure({ label, value, unit }: FigureProps) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {value === null ? "none" : value}
        {value !== null && unit && <span> {unit}</span>}
      </dd>
    </div>
  );
}

function DissentList({ state, decision, seats }: DecisionBlockProps) {
  const personaOf = (id: string) =>
    state.run.panelists.find((panelist) => panelist.id === id)?.persona;
  return (
    <div data-testid="dissent">
      <h3>Dissent</h3>
      {decision.dissent.length === 0 && (
        <p className={styles.none}>Nobody dissents.</p>
      )}
      <ul>
        {decision.dissent.map(({ panelist_id, position }) => (
          <li key={panelist_id} className={hueClass(seats.get(panelist_id) ?? 0)}>
            <span className={styles.who}>
              {personaOf(panelist_id)?.name ?? panelist_id}
            </span>{" "}
            <q>{position}</q>
          </li>
        ))}
      </ul>
    </div>
  );
}
