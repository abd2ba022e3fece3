import { expect, test, vi } from "vitest";

import { keepFocus } from "./lost-focus";

interface Control extends EventTarget {
  isConnected: boolean;
}

/** A page on which nothing has the focus yet, as far as the keeper looks at it. */
function emptyPage() {
  const body = new EventTarget();
  const page = Object.assign(new EventTarget(), { body, activeElement: body });
  const takeLostFocus = keepFocus(page as unknown as Document);
  const heading = { focus: vi.fn() };
  return {
    heading,
    focus: (control: Control) => {
      page.activeElement = control;
      const event = new Event("focusin");
      Object.defineProperty(event, "target", { value: control });
      page.dispatchEvent(event);
    },
    remove: (control: Control) => {
      control.isConnected = false;
      page.activeElement = body;
    },
    showHeading: () => {
      takeLostFocus(heading as unknown as HTMLElement);
    },
  };
}

const control = () => Object.assign(new EventTarget(), { isConnected: true });

test("a heading takes the focus of a control that is gone", () => {
  const { focus, heading, remove, showHeading } = emptyPage();
  const button = control();

  focus(button);
  remove(button);
  showHeading();

  expect(heading.focus).toHaveBeenCalledOnce();
});

test("a page just opened keeps its focus where the browser put it", () => {
  const { heading, showHeading } = emptyPage();

  showHeading();

  expect(heading.focus).not.toHaveBeenCalled();
});

test("a reader who has moved on is not called back", () => {
  const { focus, heading, remove, showHeading } = emptyPage();
  const button = control();

  focus(button);
  remove(button);
  focus(control());
  showHeading();

  expect(heading.focus).not.toHaveBeenCalled();
});
