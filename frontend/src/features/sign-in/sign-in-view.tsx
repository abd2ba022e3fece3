"use client";

import { useEffect, useLayoutEffect, useRef, useState } from "react";

import { ProblemNotice } from "@/components/problem-notice";

import { enter } from "./enter";
import { FirstToken } from "./first-token";
import { signIn, whoAmI } from "./sign-in-api";
import styles from "./sign-in-view.module.css";
import { hasOwner } from "./tab-owner";
import { TokenField } from "./token-field";

type Progress =
  | { status: "idle" | "asking" | "not_accepted" | "not_kept" }
  | { status: "failed"; error: unknown };

/** Takes the token of somebody whom the gateway does not know. */
export function SignInView() {
  const [token, setToken] = useState("");
  const [progress, setProgress] = useState<Progress>({ status: "idle" });
  const field = useRef<HTMLInputElement>(null);
  useFocusWhileShown(field);
  useSignInElsewhere();

  async function submit() {
    setProgress({ status: "asking" });
    try {
      const outcome = await signIn(token.trim());
      if (outcome.status === "signed_in") {
        enter(outcome.me);
        return;
      }
      setProgress(outcome);
    } catch (error) {
      setProgress({ status: "failed", error });
    }
    field.current?.select();
  }

  const isAsking = progress.status === "asking";
  return (
    <main className={styles.view} data-testid="sign-in">
      <h1>Sign in</h1>
      <p className={styles.lead}>
        {hasOwner(sessionStorage)
          ? "Your sign-in has ended. What you typed is kept: you go on where you were."
          : "This Roundtable is for people with an access token."}
      </p>
      <form
        className={styles.sheet}
        onSubmit={(event) => {
          event.preventDefault();
          if (!isAsking) void submit();
        }}
      >
        <TokenField
          ref={field}
          value={token}
          onChange={setToken}
          isRefused={progress.status === "not_accepted"}
        />
        {progress.status === "not_kept" && <NotKept />}
        <button
          type="submit"
          className="button button-primary"
          data-testid="sign-in-button"
        >
          {isAsking ? "Signing in…" : "Sign in"}
        </button>
      </form>
      {progress.status === "failed" && (
        <ProblemNotice error={progress.error} what="You are not signed in." />
      )}
      <FirstToken />
    </main>
  );
}

function NotKept() {
  return (
    <p className={styles.refusal} role="alert" data-testid="sign-in-problem">
      The token is good, but your browser did not keep the sign-in.{" "}
      {location.protocol === "http:"
        ? "Browsers keep it only for pages that come over https; some make an exception for http://localhost. Open this page at its https address."
        : "Allow this site to set cookies, then try again."}
    </p>
  );
}

/** Takes the focus, and gives it back to whoever had it. */
function useFocusWhileShown(field: React.RefObject<HTMLInputElement | null>) {
  const before = useRef<Element | null>(null);
  // Before the browser paints: what is hidden has lost the focus by then.
  useLayoutEffect(() => {
    before.current = document.activeElement;
    field.current?.focus();
  }, [field]);
  useEffect(
    () => () => {
      if (before.current instanceof HTMLElement) before.current.focus();
    },
    [],
  );
}

/** Goes on when the person comes back from having signed in in another tab. */
function useSignInElsewhere() {
  useEffect(() => {
    const look = () => {
      if (document.visibilityState !== "visible") return;
      whoAmI().then(
        (me) => {
          if (me !== null) enter(me);
        },
        () => undefined, // signing in by hand will say what is wrong
      );
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
}
