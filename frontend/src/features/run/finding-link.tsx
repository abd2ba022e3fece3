import type { Finding } from "@/lib/api/types";

import { toneOf } from "./marks";
import styles from "./finding-link.module.css";
import { ToneMark } from "./tone-mark";

interface FindingLinkProps {
  finding: Finding;
  onFinding: (findingId: string) => void;
}

/** A finding's title that leads to its row. */
export function FindingLink({ finding, onFinding }: FindingLinkProps) {
  return (
    <button
      type="button"
      className={styles.link}
      onClick={() => {
        onFinding(finding.id);
      }}
    >
      <ToneMark tone={toneOf(finding)} />
      {finding.title}
    </button>
  );
}

interface CitationsProps {
  findingIds: readonly string[];
  findings: readonly Finding[];
  onFinding: (findingId: string) => void;
}

/** The findings that a sentence rests on, each by its id. */
export function Citations({ findingIds, findings, onFinding }: CitationsProps) {
  const cited = findings.filter(({ id }) => findingIds.includes(id));
  return (
    <span className={styles.citations}>
      {cited.map((finding) => (
        <button
          key={finding.id}
          type="button"
          title={finding.title}
          aria-label={`Finding ${finding.id}: ${finding.title}`}
          onClick={() => {
            onFinding(finding.id);
          }}
        >
          {finding.id}
        </button>
      ))}
    </span>
  );
}
