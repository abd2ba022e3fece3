/** Where calls wait while the gateway does not know who is calling. */
export interface Door {
  /** Whether somebody has to sign in before anything goes on. */
  isShut: () => boolean;
  /** How often it was opened; a call takes it along and shows it when refused. */
  openings: () => number;
  /**
   * Shuts the door and waits until it opens. A call that was sent before the door was
   * last opened does not wait: its refusal is out of date.
   *
   * @throws the signal's reason once the caller gives up.
   */
  wait: (openings: number, signal?: AbortSignal | null) => Promise<void>;
  /** Lets all that wait go on: somebody has signed in. */
  open: () => void;
  /** Calls back whenever the door is shut or opened; returns how to stop that. */
  subscribe: (onChange: () => void) => () => void;
}

export function createDoor(): Door {
  const changes = new EventTarget();
  let shut = false;
  let opened = 0;

  function set(next: boolean): void {
    if (shut === next) return;
    shut = next;
    changes.dispatchEvent(new Event(shut ? "shut" : "open"));
  }

  return {
    isShut: () => shut,
    openings: () => opened,
    wait: (openings, signal) =>
      new Promise((resolve, reject) => {
        signal?.throwIfAborted();
        if (openings !== opened) {
          resolve();
          return;
        }
        changes.addEventListener("open", () => resolve(), { once: true });
        signal?.addEventListener(
          "abort",
          () => reject(signal.reason as Error),
          { once: true },
        );
        set(true);
      }),
    open: () => {
      opened += 1;
      set(false);
    },
    subscribe: (onChange) => {
      changes.addEventListener("shut", onChange);
      changes.addEventListener("open", onChange);
      return () => {
        changes.removeEventListener("shut", onChange);
        changes.removeEventListener("open", onChange);
      };
    },
  };
}

/** The one door of this page. */
export const door = createDoor();
