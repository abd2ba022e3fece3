/**
 * Watches which element of a page has the focus.
 *
 * @returns A function that gives the focus to a heading if what had it is gone. A page
 * just opened, and a reader who has moved on to something else, are left alone.
 */
export function keepFocus(page: Document) {
  let holder: Element | null = null;
  page.addEventListener("focusin", ({ target }) => {
    holder = target as Element;
  });
  return (heading: HTMLElement | null): void => {
    const isLost = page.activeElement === page.body && holder?.isConnected === false;
    if (isLost) heading?.focus();
  };
}

/** Called when a heading appears; on the server there is no focus to keep. */
export const takeLostFocus =
  typeof document === "undefined" ? () => undefined : keepFocus(document);
