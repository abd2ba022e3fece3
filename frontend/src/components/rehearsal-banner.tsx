import styles from "./rehearsal-banner.module.css";

/** Stands over everything that no model has said. */
export function RehearsalBanner() {
  return (
    <p className={styles.banner} role="note" data-testid="rehearsal-banner">
      Rehearsal: rule-based checks, not AI.
    </p>
  );
}
