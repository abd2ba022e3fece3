import { SeatMark } from "@/components/seat-mark";
import type { Persona } from "@/lib/api/types";
import { criterionWords } from "@/lib/criterion";

import styles from "./panel-picker.module.css";

interface PersonaCardProps {
  persona: Persona;
  seat: number;
  model: string | null;
}

/** What a persona looks for: its questions and the criteria it answers for. */
export function PersonaCard({ persona, seat, model }: PersonaCardProps) {
  return (
    <li className={styles.persona} data-testid={`persona-card-${persona.id}`}>
      <SeatMark name={persona.name} seat={seat} />
      <div className={styles.profile}>
        <h3>
          {persona.name}
          <span className={styles.role}>{persona.role}</span>
        </h3>
        <ul className={styles.questions}>
          {persona.questions.map((question) => (
            <li key={question}>{question}</li>
          ))}
        </ul>
        <ul className={styles.tags} aria-label="Answers for">
          {persona.owns.map((key) => (
            <li key={key}>{criterionWords(key)}</li>
          ))}
          {model !== null && <li>{model}</li>}
        </ul>
      </div>
    </li>
  );
}
