import { useSyncExternalStore } from "react";

import { door } from "@/lib/api/door";

/** Whether calls wait for somebody to sign in. */
export function useIsShut(): boolean {
  return useSyncExternalStore(door.subscribe, door.isShut, () => false);
}
