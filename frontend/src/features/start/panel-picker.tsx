import type { ReactNode } from "react";

import { SeatMark } from "@/components/seat-mark";
import type { Panel, Persona } from "@/lib/api/types";
import { plural } from "@/lib/plural";

import styles from "./panel-picker.module.css";
import { PersonaCard } from "./persona-card";

const SHOWN_MARKS = 9;

interface PanelPickerProps {
  panels: Panel[];
  personas: Map<string, Persona>;
  chosen: Panel;
  onChoose: (panel: Panel) => void;
  /** What stands between the choice and its reviewers. */
  children: ReactNode;
}

/** Panels to pick one of, and what each reviewer of the chosen one looks for. */
export function PanelPicker(props: PanelPickerProps) {
  const { panels, personas, chosen, onChoose, children } = props;
  const reviewers = chosen.seats.map((seat) => ({
    seat,
    persona: personas.get(seat.persona_id),
  }));
  return (
    <>
      <fieldset className={styles.panels}>
        <legend>Who reads it?</legend>
        {panels.map((panel) => (
          <label
            key={panel.id}
            className={styles.panel}
            data-testid={`panel-card-${panel.id}`}
          >
            <input
              type="radio"
              name="panel"
              value={panel.id}
              checked={panel.id === chosen.id}
              onChange={() => {
                onChoose(panel);
              }}
            />
            <span className={styles.name}>{panel.name}</span>
            <span className={styles.size}>
              {plural(panel.seats.length, "reviewer")}
            </span>
            <span className={styles.marks}>
              {panel.seats.slice(0, SHOWN_MARKS).map((seat, index) => (
                <SeatMark
                  key={index}
                  seat={index}
                  name={personas.get(seat.persona_id)?.name ?? "?"}
                />
              ))}
            </span>
          </label>
        ))}
      </fieldset>
      {children}
      <ul className={styles.personas} aria-label={`Reviewers of ${chosen.name}`}>
        {reviewers.map(({ seat, persona }, index) =>
          persona ? (
            <PersonaCard
              key={index}
              persona={persona}
              seat={index}
              model={seat.model}
            />
          ) : (
            <li key={index} className={styles.missing}>
              The persona {seat.persona_id} is not in the library any more.
            </li>
          ),
        )}
      </ul>
    </>
  );
}
