"use client";

import type { ReactNode } from "react";

import { SignInView } from "./sign-in-view";
import { useIsShut } from "./use-is-shut";

/**
 * Shows the sign-in view whenever a call waits for it. The page behind stays as it is,
 * with all that was typed, and goes on by itself afterwards.
 */
export function SignInGate({ children }: { children: ReactNode }) {
  const isShut = useIsShut();
  return (
    <>
      <div hidden={isShut}>{children}</div>
      {isShut && <SignInView />}
    </>
  );
}
