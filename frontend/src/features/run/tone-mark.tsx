import type { Tone } from "./marks";
import styles from "./tone-mark.module.css";
import { TONE_WORDS } from "./words";

const SHAPES: Record<Tone, string> = {
  blocker: "M4 1h6l3 3v6l-3 3H4l-3-3V4z",
  major: "M7 1l6.5 12H.5z",
  minor: "M7 1.5L12.5 7 7 12.5 1.5 7z",
  note: "M7 3.5a3.5 3.5 0 1 1 0 7a3.5 3.5 0 1 1 0-7z",
  strength: "M5.5 1.5h3v4h4v3h-4v4h-3v-4h-4v-3h4z",
};

/** How much a finding matters: a shape, a colour and a word. */
export function ToneMark({ tone }: { tone: Tone }) {
  return (
    <span className={`${styles.mark} tone-${tone}`}>
      <ToneShape tone={tone} />
      {TONE_WORDS[tone]}
    </span>
  );
}

/** The shape alone, for places that say the word otherwise. */
export function ToneShape({ tone }: { tone: Tone }) {
  return (
    <svg
      className={`${styles.shape} tone-${tone}`}
      viewBox="0 0 14 14"
      width="11"
      height="11"
      aria-hidden="true"
    >
      <path d={SHAPES[tone]} />
    </svg>
  );
}
