import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

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
    } else response.end(JSON.stringify(PAGES[request.url ?? ""] ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv("NEXT_PUBLIC_API_URL", `http://127.0.0.1:${port}`);
  client = await import("@/lib/api/client");
});

afterAll(async () => {
  vi.unstubAllEnvs();
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
