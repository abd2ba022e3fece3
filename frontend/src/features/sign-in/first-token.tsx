import styles from "./sign-in-view.module.css";

const COMMAND = `docker compose exec store \\
  python -m roundtable_store create-token you@example.org`;

/** How somebody comes by a token. */
export function FirstToken() {
  return (
    <section className={styles.help} aria-labelledby="first-token">
      <h2 id="first-token">No token yet?</h2>
      <p>
        Whoever runs Roundtable makes one on its machine. It is shown once, so
        keep it in your password manager.
      </p>
      <pre tabIndex={0} aria-label="The command that makes a token">
        <code>{COMMAND}</code>
      </pre>
    </section>
  );
}
