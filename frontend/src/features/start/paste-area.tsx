"use client";

import { useSessionText } from "@/lib/use-session-text";

import styles from "./intake.module.css";

/** Takes text that is typed or pasted. */
export function PasteArea({ onText }: { onText: (text: string) => void }) {
  const [text, setText] = useSessionText("pasted-text");
  const isEmpty = text.trim() === "";
  return (
    <form
      className={styles.paste}
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty) onText(text);
      }}
    >
      <label htmlFor="paste">Or paste its text</label>
      <textarea
        id="paste"
        rows={5}
        data-testid="paste-area"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
        }}
      />
      <button
        type="submit"
        className="button"
        disabled={isEmpty}
        data-testid="paste-button"
      >
        Use this text
      </button>
    </form>
  );
}
