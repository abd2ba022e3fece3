import type { Mode } from "@/lib/api/types";

import styles from "./mode-choice.module.css";

const MODES: { mode: Mode; name: string; what: string }[] = [
  {
    mode: "roundtable",
    name: "Roundtable",
    what: "Reviews beside a plain control reader, then a discussion of what they disagree on",
  },
  {
    mode: "review",
    name: "Review",
    what: "Independent reviews and a decision, without a discussion",
  },
];

interface ModeChoiceProps {
  mode: Mode;
  onChoose: (mode: Mode) => void;
}

/** How much of the process is walked. */
export function ModeChoice({ mode, onChoose }: ModeChoiceProps) {
  return (
    <fieldset className={styles.modes}>
      <legend>How far do they go?</legend>
      {MODES.map((each) => (
        <label key={each.mode} data-testid={`mode-${each.mode}`}>
          <input
            type="radio"
            name="mode"
            value={each.mode}
            checked={each.mode === mode}
            onChange={() => {
              onChoose(each.mode);
            }}
          />
          <span>
            <b>{each.name}</b> {each.what}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
