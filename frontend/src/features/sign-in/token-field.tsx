import { useState, type Ref } from "react";

import styles from "./sign-in-view.module.css";

interface TokenFieldProps {
  ref: Ref<HTMLInputElement>;
  value: string;
  onChange: (value: string) => void;
  isRefused: boolean;
}

/** A token, hidden like a password unless asked for. */
export function TokenField(props: TokenFieldProps) {
  const { ref, value, onChange, isRefused } = props;
  const [isShown, setIsShown] = useState(false);
  return (
    <div className={styles.field}>
      <label htmlFor="token">Access token</label>
      <div className={styles.entry}>
        <input
          ref={ref}
          id="token"
          name="password"
          type={isShown ? "text" : "password"}
          autoComplete="current-password"
          autoCapitalize="none"
          spellCheck={false}
          placeholder="rt_…"
          required
          aria-invalid={isRefused}
          aria-describedby={isRefused ? "token-refused" : undefined}
          data-testid="sign-in-token"
          value={value}
          onChange={({ target }) => {
            onChange(target.value);
          }}
        />
        <button
          type="button"
          className="button"
          data-testid="sign-in-show"
          onClick={() => {
            setIsShown(!isShown);
          }}
        >
          {isShown ? "Hide" : "Show"}
          <span className="visually-hidden"> the token</span>
        </button>
      </div>
      {isRefused && (
        <p
          id="token-refused"
          className={styles.refusal}
          role="alert"
          data-testid="sign-in-problem"
        >
          This token is not known, or it has expired. Check that you copied all
          of it, or make a new one.
        </p>
      )}
    </div>
  );
}
