import type { Finding, Quote } from "@/lib/api/types";
import { criterionWords } from "@/lib/criterion";

import { DispositionChoice, type Answering } from "./disposition-choice";
import styles from "./finding-row.module.css";
import { toneOf } from "./marks";
import { ToneMark } from "./tone-mark";
import type { Side } from "./use-selection";
import { DISPOSITION_WORDS, QUOTE_WORDS } from "./words";

interface FindingRowProps {
  finding: Finding;
  /** Who says it, where the row stands outside their card. */
  by?: string;
  /** Set where findings may be answered now. */
  answering: Answering | null;
  isActive: boolean;
  onFinding: (findingId: string, side: Side) => void;
  onUnpin: () => void;
}

/** A finding in a line; opened, its reasons and its fix. */
export function FindingRow(props: FindingRowProps) {
  const { finding, by, answering, isActive, onFinding, onUnpin } = props;
  return (
    <li
      id={`finding-${finding.id}`}
      className={`${styles.finding} tone-${toneOf(finding)}`}
      data-testid={`finding-${finding.id}`}
      data-severity={finding.severity}
      data-verified={finding.verified}
      data-active={isActive}
      data-disposition={finding.disposition}
    >
      <button
        type="button"
        className={styles.row}
        aria-expanded={isActive}
        onClick={() => {
          if (isActive) onUnpin();
          else onFinding(finding.id, finding.verified && hasPlace(finding) ? "document" : "panel");
        }}
      >
        <span className={styles.facts}>
          <ToneMark tone={toneOf(finding)} />
          <span>
            {finding.disposition !== "open" && (
              <b>{DISPOSITION_WORDS[finding.disposition]}</b>
            )}{" "}
            {evidenceWords(finding)}
          </span>
        </span>
        <span className={styles.title}>{finding.title}</span>
        {by !== undefined && <span className={styles.by}>{by}</span>}
      </button>
      {isActive && (
        <>
          <Details finding={finding} />
          {answering !== null && (
            <DispositionChoice {...answering} finding={finding} />
          )}
        </>
      )}
    </li>
  );
}

function hasPlace(finding: Finding): boolean {
  return finding.quotes.some((quote) => quote.start !== null);
}

/** The quote check's word on a finding as a whole: its weakest quote's. */
function evidenceWords(finding: Finding): string {
  const order: Quote["status"][] = ["not_found", "ambiguous", "normalized", "exact"];
  const weakest = order.find((status) =>
    finding.quotes.some((quote) => quote.status === status),
  );
  if (weakest !== undefined) return QUOTE_WORDS[weakest];
  return finding.verified ? "Absence checked" : "Absence not checked";
}

function Details({ finding }: { finding: Finding }) {
  const { quotes, searched_for: terms } = finding;
  return (
    <div className={styles.details}>
      {quotes.map((quote, index) => (
        <blockquote key={index} data-status={quote.status}>
          {quote.text ?? quote.given}
          {quotes.length > 1 && <cite>{QUOTE_WORDS[quote.status]}</cite>}
        </blockquote>
      ))}
      {terms.length > 0 && (
        <p>
          <b>Looked for</b> {terms.join(", ")}
        </p>
      )}
      {finding.impact && (
        <p>
          <b>Why it matters</b> {finding.impact}
        </p>
      )}
      {finding.fix && (
        <p>
          <b>Fix</b> {finding.fix}
        </p>
      )}
      {finding.rewrite !== null && (
        <p>
          <b>Rewrite</b> <ins>{finding.rewrite}</ins>
        </p>
      )}
      <p className={styles.small}>
        {criterionWords(finding.criterion)}, confidence {finding.confidence} of 100
        {finding.rejected_in_run_id && "; you rejected it in an earlier run"}
      </p>
    </div>
  );
}
