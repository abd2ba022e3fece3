"use client";

import { memo } from "react";

import { SeatMark } from "@/components/seat-mark";
import type { Finding, Turn } from "@/lib/api/types";
import { criterionWords } from "@/lib/criterion";
import { hueClass } from "@/lib/seat-look";

import type { Answering } from "./disposition-choice";
import { FindingRow } from "./finding-row";
import { toneOf } from "./marks";
import { readerOf } from "./readers";
import styles from "./reviewer-card.module.css";
import { ToneShape } from "./tone-mark";
import { useNow } from "./use-now";
import type { Side } from "./use-selection";
import { reasonWords, turnWords, whenWords } from "./words";

interface ReviewerCardProps {
  /** The seat's letter, or the control. */
  id: string;
  name: string;
  role: string;
  seat: number;
  turn: Turn | undefined;
  isFinished: boolean;
  retryTime: string | undefined;
  findings: readonly Finding[];
  /** Set where findings may be answered now. */
  answering: Answering | null;
  isOpen: boolean;
  onOpen: (readerId: string, isOpen: boolean) => void;
  activeId: string | null;
  onFinding: (findingId: string, side: Side) => void;
  onUnpin: () => void;
}

/** A reviewer at work; one line with verdict and score once finished. */
export const ReviewerCard = memo(Card);

function Card(props: ReviewerCardProps) {
  const { id, name, role, seat, turn, isOpen, onOpen, activeId, onUnpin } = props;
  const own = props.findings.filter((each) => readerOf(each) === id);
  const verified = own.filter((each) => each.verified);
  return (
    <li
      className={`${styles.card} ${hueClass(seat)}`}
      data-testid={`reviewer-${id}`}
      data-state={turn?.state ?? "queued"}
    >
      <button
        type="button"
        className={styles.head}
        aria-expanded={isOpen}
        onClick={() => {
          if (activeId !== null) onUnpin();
          onOpen(id, !isOpen);
        }}
      >
        <SeatMark name={name} seat={seat} />
        <span className={styles.name}>
          {name}
          <span className={styles.role}>{role}</span>
        </span>
        <span className={styles.outcome}>
          <span className={styles.verdict} data-verdict={turn?.verdict}>
            {turnWords(turn)}
          </span>
          <span className={styles.tally}>
            <Tally findings={verified} />
            {typeof turn?.overall === "number" && <b>{turn.overall}/5</b>}
          </span>
        </span>
      </button>
      {isOpen && (
        <CardBody {...props} verified={verified} apart={own.length - verified.length} />
      )}
    </li>
  );
}

function Tally({ findings }: { findings: Finding[] }) {
  const words = `${findings.length} verified`;
  return (
    <span className={styles.shapes} role="img" aria-label={words} title={words}>
      {findings.map((finding) => (
        <ToneShape key={finding.id} tone={toneOf(finding)} />
      ))}
    </span>
  );
}

interface CardBodyProps extends ReviewerCardProps {
  verified: Finding[];
  /** How many findings wait in the lane of the unverified. */
  apart: number;
}

function CardBody(props: CardBodyProps) {
  const { id, turn, verified, apart, activeId, isFinished } = props;
  return (
    <div className={styles.body}>
      {turn?.state === "failed" && (
        <FailedWords reason={turn.reason} retryTime={props.retryTime} />
      )}
      <div className={styles.words} data-live={!isFinished}>
        <p data-testid={`words-${id}`}>{turn?.text}</p>
      </div>
      {verified.length > 0 && (
        <ul className={styles.findings}>
          {verified.map((finding) => (
            <FindingRow
              key={finding.id}
              finding={finding}
              isActive={finding.id === activeId}
              onFinding={props.onFinding}
              answering={props.answering}
              onUnpin={() => {
                props.onOpen(id, true);
                props.onUnpin();
              }}
            />
          ))}
        </ul>
      )}
      {apart > 0 && (
        <p className={styles.aside}>
          {apart} more could not be verified; see the end of the panel.
        </p>
      )}
      {turn?.state === "succeeded" && <Judgement turn={turn} />}
    </div>
  );
}

interface FailedWordsProps {
  reason: string | null;
  retryTime: string | undefined;
}

function FailedWords({ reason, retryTime }: FailedWordsProps) {
  const now = useNow();
  return (
    <p className={styles.failed}>
      This try broke off because {reasonWords(reason)}.{" "}
      {retryTime === undefined
        ? "The decision is made without this reviewer."
        : `Next try ${whenWords(retryTime, now)}.`}
    </p>
  );
}

function Judgement({ turn }: { turn: Turn }) {
  return (
    <>
      {turn.verdict_reason && (
        <p className={styles.reason}>{turn.verdict_reason}</p>
      )}
      {turn.scores.length > 0 && (
        <dl className={styles.scores}>
          {turn.scores.map(({ criterion, score, rationale }) => (
            <div key={criterion}>
              <dt>{criterionWords(criterion)}</dt>
              <dd>
                <b>{score === null ? "can't say" : `${score}/5`}</b> {rationale}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </>
  );
}
