"use client";

import { useEffect, useState } from "react";

import { paths } from "@/config/paths";
import { getJson } from "@/lib/api/client";
import type { Me } from "@/lib/api/types";
import { useLoad } from "@/lib/use-load";

import styles from "./account.module.css";
import { signOut, whoAmI } from "./sign-in-api";
import { claimTab } from "./tab-owner";
import { useIsShut } from "./use-is-shut";

async function loadMe(_key: string, signal: AbortSignal): Promise<Me> {
  const me = await getJson<Me>("/me", signal);
  stayWith(me);
  return me;
}

function stayWith(me: Me): void {
  if (!claimTab(me.email, sessionStorage)) location.reload();
}

/** Another tab may have let somebody else in; what was typed here is not theirs. */
async function lookAgain(): Promise<void> {
  if (document.visibilityState !== "visible") return;
  try {
    const me = await whoAmI();
    if (me !== null) stayWith(me);
  } catch {
    // A gateway that is away takes nothing in anybody's name either.
  }
}

/** Who is signed in, and the way out; nothing where nobody has to sign in. */
export function Account() {
  const isShut = useIsShut();
  const me = useLoad("me", loadMe);
  const [progress, setProgress] = useState<"idle" | "leaving" | "failed">(
    "idle",
  );
  useEffect(() => {
    const look = () => void lookAgain();
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);
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
