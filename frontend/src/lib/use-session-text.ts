"use client";

import { useCallback, useSyncExternalStore } from "react";

const CHANGED = "session-text";

function subscribe(onChange: () => void): () => void {
  window.addEventListener(CHANGED, onChange);
  return () => {
    window.removeEventListener(CHANGED, onChange);
  };
}

/** Text that outlives a reload of this tab and nothing else. */
export function useSessionText(
  key: string,
): [text: string, set: (text: string) => void] {
  const text = useSyncExternalStore(
    subscribe,
    () => sessionStorage.getItem(key) ?? "",
    () => "",
  );
  const set = useCallback(
    (next: string) => {
      sessionStorage.setItem(key, next);
      window.dispatchEvent(new Event(CHANGED));
    },
    [key],
  );
  return [text, set];
}
