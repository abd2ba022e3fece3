import styles from "./loading-lines.module.css";

/** Holds the place of what is being loaded, and says what that is. */
export function LoadingLines({ words }: { words: string }) {
  return (
    <div className={styles.block} role="status">
      <p>{words}</p>
      <span className={styles.line} />
      <span className={styles.line} />
      <span className={styles.line} />
    </div>
  );
}
