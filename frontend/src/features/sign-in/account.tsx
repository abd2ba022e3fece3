"use client";

import { useState } from "react";

import { paths } from "@/config/paths";
import { getJson } from "@/lib/api/client";
import type { Me } from "@/lib/api/types";
import { useLoad } from "@/lib/use-load";

import styles from "./account.module.css";
import { signOut } from "./sign-in-api";
import { claimTab } from "./tab-owner";
import { useIsShut } from "./use-is-shut";

async function loadMe(_key: string, signal: AbortSignal): Promise<Me> {
  const me = await getJson<Me>("/me", signal);
  if (!claimTab(me.email, sessionStorage)) location.reload();
  return me;
}

/** Who is signed in, and the way out; nothing where nobody has to sign in. */
export function Account() {
  const isShut = useIsShut();
  const me = useLoad("me", loadMe);
  const [progress, setProgress] = useState<"idle" | "leaving" | "failed">(
    "idle",
  );
  if (isShut || me.status !== "ready" || me.value.auth !== "token") return null;

  async function leave() {
    setProgress("leaving");
    try {
      await signOut();
    } catch {
      setProgress("failed");
      return;
    }
    sessionStorage.clear();
    location.replace(paths.start);
  }

  return (
    <div className={styles.account}>
      <span className={styles.email} data-testid="signed-in-as">
        <span className="visually-hidden">Signed in as </span>
        {me.value.email}
      </span>
      <button
        type="button"
        className="button button-quiet"
        disabled={progress === "leaving"}
        data-testid="sign-out-button"
        onClick={() => void leave()}
      >
        {progress === "leaving" ? "Signing out…" : "Sign out"}
      </button>
      {progress === "failed" && (
        <p className={styles.failed} role="alert">
          You are still signed in: Roundtable did not answer. Try again.
        </p>
      )}
    </div>
  );
}
