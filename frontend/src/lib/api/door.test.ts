import { expect, test, vi } from "vitest";

import { createDoor } from "./door";

test("a call waits until somebody has signed in", async () => {
  const door = createDoor();
  const went = vi.fn();

  const waiting = door.wait(door.openings()).then(went);
  await Promise.resolve();
  expect(door.isShut()).toBe(true);
  expect(went).not.toHaveBeenCalled();
  door.open();
  await waiting;

  expect(door.isShut()).toBe(false);
});

test("a refusal from before the door was opened does not shut it again", async () => {
  const door = createDoor();
  const before = door.openings();
  const waiting = door.wait(before);
  door.open();
  await waiting;

  await door.wait(before);

  expect(door.isShut()).toBe(false);
});

test("a caller who gives up does not wait on", async () => {
  const door = createDoor();
  const abort = new AbortController();

  const waiting = door.wait(door.openings(), abort.signal);
  abort.abort(new Error("gone"));

  await expect(waiting).rejects.toThrow("gone");
});

test("who watches the door hears of each change once", async () => {
  const door = createDoor();
  const seen: boolean[] = [];
  const stop = door.subscribe(() => seen.push(door.isShut()));

  const waiting = [door.wait(door.openings()), door.wait(door.openings())];
  door.open();
  await Promise.all(waiting);
  stop();
  void door.wait(door.openings());

  expect(seen).toEqual([true, false]);
});
