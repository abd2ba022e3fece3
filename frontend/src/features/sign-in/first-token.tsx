import styles from "./sign-in-view.module.css";

const WAYS = [
  {
    where: "In containers",
    command: `docker compose exec store \\
  python -m roundtable_store create-token you@example.org`,
  },
  {
    where: "Without",
    command: "roundtable token create you@example.org",
  },
];

/** How somebody comes by a token. */
export function FirstToken() {
  return (
    <section className={styles.help} aria-labelledby="first-token">
      <h2 id="first-token">No token yet?</h2>
      <p>
        Whoever runs Roundtable makes one on its machine. It is shown once, so
        keep it in your password manager.
      </p>
      {WAYS.map(({ where, command }) => (
        <figure key={where}>
          <figcaption>{where}:</figcaption>
          <pre tabIndex={0} aria-label={`${where}: the command`}>
            <code>{command}</code>
          </pre>
        </figure>
      ))}
    </section>
  );
}
