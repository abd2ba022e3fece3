import { afterEach, expect, test, vi } from "vitest";

import { takeLostFocus } from "./lost-focus";

afterEach(() => {
  vi.unstubAllGlobals();
});

/** How often a heading is focused on a page in this state. */
function focusings(page: { isLost: boolean; hasBeenActive: boolean }): number {
  const body = {};
  vi.stubGlobal("document", { body, activeElement: page.isLost ? body : {} });
  vi.stubGlobal("navigator", { userActivation: page });
  const focus = vi.fn();
  takeLostFocus({ focus } as unknown as HTMLElement);
  return focus.mock.calls.length;
}

test("a heading takes the focus that was lost with the view before it", () => {
  expect(focusings({ isLost: true, hasBeenActive: true })).toBe(1);
});

test("a page just opened keeps its focus where the browser put it", () => {
  expect(focusings({ isLost: true, hasBeenActive: false })).toBe(0);
});

test("a reader who has moved on is not called back", () => {
  expect(focusings({ isLost: false, hasBeenActive: true })).toBe(0);
});
