import { API_ORIGIN } from "@/config/env";
import { door } from "@/lib/api/door";
import type { Problem } from "@/lib/api/types";

/** The gateway's refusal, or none at all (`status` 0) when it could not be reached. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    readonly problem: Problem,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(problem.detail ?? problem.title);
  }
}

/** What a gateway on its way down or up, or a proxy before it, answers. */
const PASSING = [0, 429, 502, 503, 504];

/** Whether a failed read may well succeed a little later. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && PASSING.includes(error.problem.status);
}

/** Whether the gateway does not know who is calling. */
export function isUnknownCaller(error: unknown): boolean {
  return error instanceof ApiError && error.problem.status === 401;
}

/** A read that takes longer has lost its connection. */
const READ_MS = 15_000;
/** Long enough for the largest document over a slow line. */
const WRITE_MS = 300_000;

export interface Page<Item> {
  items: Item[];
  nextPageToken: string | null;
}

export function apiUrl(path: string): string {
  return `${API_ORIGIN}/api/v1${path}`;
}

/**
 * Reads one object.
 *
 * @throws ApiError unless the gateway answers with it.
 */
export async function getJson<Body>(
  path: string,
  signal?: AbortSignal,
): Promise<Body> {
  return request<Body>(path, { signal });
}

/** Reads one page of a list, whose items stand under the list's own name. */
export async function getPage<Item>(
  path: string,
  name: string,
  signal?: AbortSignal,
): Promise<Page<Item>> {
  const body = await request<Record<string, unknown>>(path, { signal });
  return {
    items: (body[name] as Item[] | undefined) ?? [],
    nextPageToken: (body.next_page_token as string | undefined) ?? null,
  };
}

/** Reads a whole list, page by page. */
export async function getAll<Item>(
  path: string,
  name: string,
  signal?: AbortSignal,
): Promise<Item[]> {
  const items: Item[] = [];
  let token: string | null = null;
  do {
    const query: string = token
      ? `&page_token=${encodeURIComponent(token)}`
      : "";
    const page: Page<Item> = await getPage<Item>(
      `${path}?page_size=100${query}`,
      name,
      signal,
    );
    items.push(...page.items);
    token = page.nextPageToken;
  } while (token !== null);
  return items;
}

/**
 * Writes; the same key and body twice are one write.
 *
 * @throws ApiError unless the gateway accepts it.
 */
export async function post<Body>(
  path: string,
  body: object | FormData | null,
  idempotencyKey?: string,
): Promise<Body> {
  return request<Body>(path, written(body, idempotencyKey));
}

/**
 * Puts an object in its place; the same again changes nothing.
 *
 * @throws ApiError unless the gateway accepts it.
 */
export async function put<Body>(path: string, body: object): Promise<Body> {
  return request<Body>(path, { ...written(body), method: "PUT" });
}

/** What a write is sent with. */
export function written(
  body: object | FormData | null,
  idempotencyKey?: string,
): RequestInit {
  const headers = new Headers({ "X-Requested-With": "roundtable" });
  if (idempotencyKey !== undefined)
    headers.set("Idempotency-Key", idempotencyKey);
  if (body instanceof FormData || body === null) {
    return { method: "POST", headers, body };
  }
  headers.set("Content-Type", "application/json");
  return { method: "POST", headers, body: JSON.stringify(body) };
}

/** Sends, and sends again once somebody has signed in if that is what it takes. */
async function request<Body>(path: string, init: RequestInit): Promise<Body> {
  for (;;) {
    const openings = door.openings();
    try {
      return await send<Body>(path, init);
    } catch (error) {
      if (!isUnknownCaller(error)) throw error;
    }
    await door.wait(openings, init.signal);
  }
}

/**
 * Sends once. Only signing in itself has a use for this: whatever else meets a gateway
 * that does not know the caller waits at the door.
 *
 * @throws ApiError unless the gateway accepts it.
 */
export async function send<Body>(
  path: string,
  init: RequestInit = {},
): Promise<Body> {
  const headers = new Headers(init.headers);
  headers.set("Accept", "application/json");
  const deadline = AbortSignal.timeout(init.method ? WRITE_MS : READ_MS);
  let response: Response;
  try {
    response = await fetch(apiUrl(path), {
      ...init,
      headers,
      signal: init.signal ? AbortSignal.any([init.signal, deadline]) : deadline,
      credentials: API_ORIGIN === "" ? "same-origin" : "include",
    });
    if (response.status === 204) return null as Body;
    if (response.ok) return (await response.json()) as Body;
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiError(
      cause instanceof SyntaxError
        ? { status: 200, title: "Roundtable's answer could not be read." }
        : { status: 0, title: "Roundtable does not answer." },
    );
  }
  throw await readProblem(response);
}

async function readProblem(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get("Retry-After") ?? Number.NaN);
  const seconds = Number.isFinite(retryAfter) ? retryAfter : null;
  const isProblem = response.headers.get("Content-Type")?.includes("json");
  const body: unknown = isProblem
    ? await response.json().catch(() => null)
    : null;
  return new ApiError(
    {
      title: `Roundtable answered with status ${response.status}.`,
      request_id: response.headers.get("x-request-id") ?? undefined,
      ...(typeof body === "object" ? body : null),
      status: response.status,
    },
    seconds,
  );
}
