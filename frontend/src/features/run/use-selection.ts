"use client";

import { useCallback, useEffect, useState } from "react";

export type Side = "document" | "panel";

interface Target {
  findingId: string;
  /** Where the reader wants to be taken. */
  side: Side;
}

export interface Selection {
  activeId: string | null;
  /** Which side narrow screens show. */
  side: Side;
  show: (side: Side) => void;
  /** Pins a finding and takes the reader to it on one side. */
  go: (findingId: string, side: Side) => void;
  unpin: () => void;
}

/** The pinned finding, and the way between its quote and its row. */
export function useSelection(): Selection {
  const [target, setTarget] = useState<Target | null>(null);
  const [side, setSide] = useState<Side>("document");

  useEffect(() => {
    if (target !== null) bringIntoView(target);
  }, [target]);

  const go = useCallback((findingId: string, next: Side) => {
    setTarget({ findingId, side: next });
    setSide(next);
  }, []);
  const unpin = useCallback(() => {
    setTarget(null);
  }, []);
  return {
    activeId: target?.findingId ?? null,
    side,
    show: setSide,
    go,
    unpin,
  };
}

function bringIntoView({ findingId, side }: Target): void {
  const id = CSS.escape(findingId);
  const selector =
    side === "document" ? `mark[data-finding-ids~="${id}"]` : `#finding-${id}`;
  const element = document.querySelector<HTMLElement>(selector);
  if (element === null) return;
  const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({
    block: "center",
    behavior: isCalm ? "auto" : "smooth",
  });
  if (side === "panel") {
    element.querySelector("button")?.focus({ preventScroll: true });
  }
}
