const OWNER = "owner";

/** Whether somebody was signed in here before, in this tab. */
export function hasOwner(tab: Storage): boolean {
  return tab.getItem(OWNER) !== null;
}

/**
 * Notes whose tab this is. What it keeps of somebody else's typing is dropped.
 *
 * @returns Whether the tab was theirs, or nobody's.
 */
export function claimTab(email: string, tab: Storage): boolean {
  const owner = tab.getItem(OWNER);
  const isTheirs = owner === null || owner === email;
  if (!isTheirs) tab.clear();
  tab.setItem(OWNER, email);
  return isTheirs;
}
