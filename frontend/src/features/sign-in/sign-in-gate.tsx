"use client";

import { useSyncExternalStore, type ReactNode } from "react";

import { door } from "@/lib/api/door";

import { SignInView } from "./sign-in-view";

/**
 * Shows the sign-in view whenever a call waits for it. The page behind stays as it is,
 * with all that was typed, and goes on by itself afterwards.
 */
export function SignInGate({ children }: { children: ReactNode }) {
  const isShut = useSyncExternalStore(door.subscribe, door.isShut, () => false);
  return (
    <>
      <div hidden={isShut}>{children}</div>
      {isShut && <SignInView />}
    </>
  );
}
