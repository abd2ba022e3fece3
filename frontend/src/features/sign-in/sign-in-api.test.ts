import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";

import type * as Client from "@/lib/api/client";
import type * as Door from "@/lib/api/door";

import type * as SignInApi from "./sign-in-api";

let server: Server;
// Loaded once the address of the server is known.
let api: typeof SignInApi;
let client: typeof Client;
let door: typeof Door.door;
/** Who is signed in; a gateway whose cookies a client keeps would know it by them. */
let caller: string | null;
let keepsCookies: boolean;
let isAway: boolean;
let asked: string[];

function answer(method: string, path: string, body: string): [number, object?] {
  asked.push(`${method} ${path}`);
  if (isAway) return [503, { title: "The store is away." }];
  if (path === "/sign-in") {
    const { token } = JSON.parse(body) as { token: string };
    if (token !== "rt_good") return [401, { title: "Sign in." }];
    if (keepsCookies) caller = "ada@example.org";
    return [204];
  }
  if (caller === null) return [401, { title: "Sign in." }];
  if (path === "/sign-out") {
    caller = null;
    return [204];
  }
  return [200, path === "/me" ? { email: caller } : { path, body }];
}

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const path = (request.url ?? "").replace("/api/v1", "");
      const [status, object] = answer(request.method ?? "", path, body);
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(object && JSON.stringify(object));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("NEXT_PUBLIC_API_URL", `http://127.0.0.1:${port}`);
  api = await import("./sign-in-api");
  client = await import("@/lib/api/client");
  ({ door } = await import("@/lib/api/door"));
});

beforeEach(() => {
  caller = null;
  keepsCookies = true;
  isAway = false;
  asked = [];
  door.open();
});

afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function untilShut() {
  if (door.isShut()) return;
  await new Promise<void>((resolve) => {
    const stop = door.subscribe(() => {
      stop();
      resolve();
    });
  });
}

test("a good token says who has signed in", async () => {
  const outcome = await api.signIn("rt_good");

  expect(outcome).toEqual({ status: "signed_in", me: { email: "ada@example.org" } });
});

test("a wrong token is told from a gateway that is away", async () => {
  expect(await api.signIn("rt_wrong")).toEqual({ status: "not_accepted" });

  isAway = true;
  await expect(api.signIn("rt_good")).rejects.toBeInstanceOf(client.ApiError);
});

test("a browser that keeps no cookie is found out", async () => {
  keepsCookies = false;

  expect(await api.signIn("rt_good")).toEqual({ status: "not_kept" });
});

test("asking at the door keeps nobody waiting", async () => {
  expect(await api.whoAmI()).toBeNull();

  expect(door.isShut()).toBe(false);
});

test("signing out twice is signing out", async () => {
  caller = "ada@example.org";

  await api.signOut();
  await api.signOut();

  expect(caller).toBeNull();
});

test("a read waits for the sign-in and is answered after it", async () => {
  const reading = client.getJson<{ path: string }>("/runs/run_1");
  await untilShut();
  await api.signIn("rt_good");
  door.open();

  expect(await reading).toMatchObject({ path: "/runs/run_1" });
  expect(asked.filter((each) => each === "GET /runs/run_1")).toHaveLength(2);
});

test("a write is sent again as it was", async () => {
  const writing = client.post<{ body: string }>("/documents", { text: "We plan." });
  await untilShut();
  await api.signIn("rt_good");
  door.open();

  expect(await writing).toMatchObject({ body: '{"text":"We plan."}' });
});

test("no call is repeated while nobody signs in", async () => {
  const abort = new AbortController();
  const reading = client.getJson("/runs", abort.signal);
  await untilShut();
  await api.whoAmI();

  abort.abort();

  await expect(reading).rejects.toThrow();
  expect(asked).toEqual(["GET /runs", "GET /me"]);
});
