import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";

import type * as Client from "@/lib/api/client";

let server: Server;
// Loaded once the address of the server is known.
let client: typeof Client;
let last: IncomingMessage;

const PAGES: Record<string, object> = {
  "/api/v1/panels?page_size=100": { panels: [{ id: "a" }], next_page_token: "t 1" },
  "/api/v1/panels?page_size=100&page_token=t%201": {
    panels: [{ id: "b" }],
    next_page_token: null,
  },
};

beforeAll(async () => {
  server = createServer((request, response) => {
    last = request;
    if (request.url === "/api/v1/busy") {
      response.writeHead(503, {
        "Content-Type": "application/problem+json",
        "Retry-After": "7",
      });
      const errors = [{ field: "brief.audience", detail: "is too long" }];
      response.end(JSON.stringify({ title: "Away.", status: 503, errors }));
    } else if (request.url === "/api/v1/proxy") {
      response.writeHead(502, { "x-request-id": "r-9" }).end("<h1>Bad gateway</h1>");
    } else if (request.url === "/api/v1/cut") {
      response.writeHead(200).write('{"text": ');
      setImmediate(() => response.destroy());
    } else if (request.url === "/api/v1/stalled") {
      response.writeHead(200).write('{"text": ');
    } else if (request.url === "/api/v1/words") {
      response.end("no JSON");
    } else if (request.url !== "/api/v1/silent") response.end(JSON.stringify(PAGES[request.url ?? ""] ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("NEXT_PUBLIC_API_URL", `http://127.0.0.1:${port}`);
  client = await import("@/lib/api/client");
});

afterEach(() => {
  vi.restoreAllMocks();
});

afterAll(async () => {
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function refusal(sending: Promise<unknown>) {
  const error: unknown = await sending.then(
    () => null,
    (cause: unknown) => cause,
  );
  if (!(error instanceof client.ApiError)) throw new Error("It was not refused.");
  return error;
}

test("a refusal carries the problem, its fields and when to come back", async () => {
  const { problem, retryAfterSeconds } = await refusal(client.getJson("/busy"));

  expect(problem).toMatchObject({ title: "Away.", status: 503 });
  expect(problem.errors).toEqual([{ field: "brief.audience", detail: "is too long" }]);
  expect(retryAfterSeconds).toBe(7);
});

test("an answer that is no problem document still says status and request", async () => {
  const { problem, retryAfterSeconds } = await refusal(client.getJson("/proxy"));

  expect(problem).toMatchObject({ status: 502, request_id: "r-9" });
  expect(retryAfterSeconds).toBeNull();
});

test.each(["/silent", "/stalled"])("a read of %s ends at its deadline", async (path) => {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  const asked = vi.spyOn(AbortSignal, "timeout").mockImplementation(() => timeout(50));

  const error = await refusal(client.getJson(path));

  expect(asked).toHaveBeenCalledWith(15_000);
  expect(error.problem.status).toBe(0);
  expect(client.isPassing(error)).toBe(true);
});

test("an answer that is cut off counts as none", async () => {
  const { problem } = await refusal(client.getJson("/cut"));

  expect(problem.status).toBe(0);
});

test("an answer that is no JSON is refused for good", async () => {
  const error = await refusal(client.getJson("/words"));

  expect(error.problem.status).toBe(200);
  expect(client.isPassing(error)).toBe(false);
});

test("a read that its caller gave up is no refusal", async () => {
  const reading = client.getJson("/silent", AbortSignal.timeout(50));

  await expect(reading).rejects.not.toBeInstanceOf(client.ApiError);
});

test("a write says that it comes from the page, and its key", async () => {
  await client.post("/runs", { a: 1 }, "key-1");

  expect(last.headers).toMatchObject({
    "x-requested-with": "roundtable",
    "idempotency-key": "key-1",
    "content-type": "application/json",
  });
});

test("a whole list is read page by page", async () => {
  const panels = await client.getAll("/panels", "panels");

  expect(panels).toEqual([{ id: "a" }, { id: "b" }]);
});
