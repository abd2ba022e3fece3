"use client";

/** Shown when drawing the page itself went wrong. */
export default function PageError({
  error,
  reset,
}: {
  error: Error;
  reset: () => void;
}) {
  return (
    <main className="message-page">
      <h1>This page stumbled.</h1>
      <p>
        Your document and your runs are safe. Try again; if it stays, report
        this: <code>{error.message}</code>
      </p>
      <button type="button" className="button" onClick={reset}>
        Try again
      </button>
    </main>
  );
}
