/**
 * Gives the focus to a heading if it was lost with what stood there before. A page
 * just opened, and a reader who has moved on to something else, are left alone.
 */
export function takeLostFocus(heading: HTMLElement | null): void {
  const isLost = document.activeElement === document.body;
  if (isLost && navigator.userActivation.hasBeenActive) heading?.focus();
}
