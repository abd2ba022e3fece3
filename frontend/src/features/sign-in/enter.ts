import { door } from "@/lib/api/door";
import type { Me } from "@/lib/api/types";

import { claimTab } from "./tab-owner";

/**
 * Lets what waits go on, as the person who asked for it. For anybody else the page is
 * opened anew, so that nothing is sent in the wrong name.
 */
export function enter(me: Me): void {
  if (claimTab(me.email, sessionStorage)) door.open();
  else location.reload();
}
