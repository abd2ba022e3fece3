/**
 * Serves the exported page and a scripted API, to look at the page by itself.
 *
 * Environment: PORT (default 4173), PACE (ms between events, default 30), ENGINE
 * (default rehearsal), EMPTY (no run to begin with), AUTH (default local; with "token"
 * one signs in with rt_ada or rt_ben). POST /fixture
 * {"trouble": "closing" | "503" | "drop" | "gap"} spoils the next event stream,
 * {"refuse": true} the next start of a run; {"end_sign_ins": true} ends every sign-in,
 * {"away": true} lets signing in and out answer 503 until told {"away": false}.
 */

import { createServer } from "node:http";

import { createAccess } from "./access.mjs";
import { PANELS, PERSONAS, SAMPLE, documentOf, paragraphsOf } from "./content.mjs";
import { readBody, refuse, send } from "./http.mjs";
import { runAt } from "./projection.mjs";
import { logOf } from "./script.mjs";
import { serveStatic } from "./static.mjs";

const PORT = Number(process.env.PORT ?? 4173);
const PACE = Number(process.env.PACE ?? 30);
const ENGINE = process.env.ENGINE ?? "rehearsal";

const sources = new Map([[SAMPLE.document.id, SAMPLE]]);
const runs = new Map();
const fixture = { trouble: null, refuse: false, away: false };
const access = createAccess(process.env.AUTH ?? "local");

async function createDocument(request, response) {
  const body = await readBody(request);
  const isJson = request.headers["content-type"]?.includes("json");
  const given = isJson ? JSON.parse(body) : readPart(body);
  if (given.title.endsWith(".exe")) {
    const title = "This type of document can't be read.";
    refuse(response, 415, title, `${given.title} is not a document.`);
    return;
  }
  const id = `doc-${sources.size + 1}`;
  const text = given.text.trim();
  const document = documentOf(id, given.title, text, given.title);
  sources.set(id, { document, text, paragraphs: paragraphsOf(text) });
  send(response, 201, document);
}

/** The one file of a multipart body, good enough for text. */
function readPart(body) {
  const whole = body.toString("utf8");
  const title = /filename="([^"]*)"/.exec(whole)?.[1] ?? "document";
  const start = whole.indexOf("\r\n\r\n") + 4;
  return { title, text: whole.slice(start, whole.indexOf("\r\n--", start)) };
}

async function createRun(request, response) {
  const asked = JSON.parse(await readBody(request));
  if (fixture.refuse) {
    fixture.refuse = false;
    const errors = [{ field: "brief.audience", detail: "is too long" }];
    refuse(response, 422, "The run can't start.", "A field is wrong.", errors);
    return;
  }
  const panel = PANELS.find(({ id }) => id === asked.panel_id);
  const id = `run-${runs.size + 1}`;
  startRun(id, asked, panel, 3);
  send(response, 201, runAt(runs.get(id).log, 1));
}

function startRun(id, asked, panel, at) {
  const source = sources.get(asked.document_id);
  const run = {
    id,
    state: "pending",
    reason: null,
    stage: "intake",
    pause: null,
    queue_position: null,
    engine: ENGINE,
    mode: asked.mode,
    discussion_rounds: 0,
    control: false,
    brief: asked.brief ?? null,
    budget: null,
    document: source.document,
    panelists: panel.seats.map((seat, index) => ({
      id: "ABCDEFGHIJKLMNOP"[index],
      persona: PERSONAS.find((each) => each.id === seat.persona_id),
      model: seat.model,
    })),
    usage: { input_tokens: 0, output_tokens: 0, cache_read_tokens: 0, cost_usd: null, turns: 0 },
    manifest: [],
    last_sequence: 1,
    create_time: new Date().toISOString(),
    start_time: null,
    end_time: null,
  };
  const log = logOf(run, source);
  const live = { log, at: Math.min(at, log.length) };
  runs.set(id, live);
  const clock = setInterval(() => {
    if (live.at >= live.log.length) clearInterval(clock);
    else live.at += 1;
  }, PACE);
  clock.unref();
}

function cancelRun(response, live) {
  const { run_id, time } = live.log[0];
  const sequence = live.at + 1;
  const reason = "CANCELLED_BY_AUTHOR";
  live.log = [
    ...live.log.slice(0, live.at),
    { sequence, time, run_id, type: "run.cancelled", reason },
  ];
  send(response, 202, runAt(live.log, live.at));
}

function streamEvents(request, response, live, url) {
  const trouble = fixture.trouble;
  fixture.trouble = null;
  const after = request.headers["last-event-id"] ?? url.searchParams.get("after");
  let sent = Number(after ?? 0);
  if (trouble === "503") {
    refuse(response, 503, "The store is away.", "Try again.");
    return;
  }
  if (sent >= live.log.length) {
    response.writeHead(204).end();
    return;
  }
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-cache" });
  response.write("retry: 500\n\n");
  let written = 0;
  const clock = setInterval(() => {
    while (sent < live.at) {
      const event = live.log[sent];
      sent += 1;
      if (trouble === "gap" && written === 20) sent += 1;
      response.write(`id: ${event.sequence}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
      written += 1;
    }
    if (trouble === "drop" && written > 40) response.destroy();
    if (trouble === "closing" && written > 40) {
      response.end("event: closing\ndata: {}\n\n");
    }
    if (sent >= live.log.length) response.end();
  }, 25);
  response.on("close", () => clearInterval(clock));
}

function list(name, items) {
  return { [name]: items, next_page_token: null };
}

function answerRun(request, response, url, [id, action]) {
  const live = runs.get(id);
  if (!live) {
    refuse(response, 404, "There is no such run.", `No run has the id ${id}.`);
  } else if (action === "events") streamEvents(request, response, live, url);
  else if (action === "cancel") cancelRun(response, live);
  else send(response, 200, runAt(live.log, live.at));
}

function answerDocument(response, [id, part]) {
  const source = sources.get(id);
  if (!source) {
    refuse(response, 404, "There is no such document.", `No document ${id}.`);
  } else if (part === "text") {
    send(response, 200, { text: source.text, paragraphs: source.paragraphs });
  } else send(response, 200, source.document);
}

async function answerSignIn(request, response) {
  const given = JSON.parse(await readBody(request));
  const cookie = access.signIn(given.token);
  if (cookie === null) {
    refuse(response, 401, "Sign in.", "This token is not known.");
    return;
  }
  response.setHeader("Set-Cookie", cookie);
  send(response, 204, null);
}

function answerSignOut(request, response) {
  response.setHeader("Set-Cookie", access.signOut(request));
  send(response, 204, null);
}

async function answerPost(request, response, resource, rest) {
  const isAtTheDoor = resource === "sign-in" || resource === "sign-out";
  if (request.headers["x-requested-with"] !== "roundtable") {
    refuse(response, 403, "Refused.", "X-Requested-With is missing.");
  } else if (isAtTheDoor && fixture.away) {
    refuse(response, 503, "The store is away.", "Nobody can sign in or out.");
  } else if (resource === "sign-in") await answerSignIn(request, response);
  else if (access.callerOf(request) === null) {
    request.resume();
    refuse(response, 401, "Sign in.", "Nobody is signed in.");
  } else if (resource === "sign-out") answerSignOut(request, response);
  else if (resource === "documents") await createDocument(request, response);
  else if (rest.length === 0) await createRun(request, response);
  else answerRun(request, response, null, rest);
}

function answerGet(request, response, url, resource, rest) {
  const caller = access.callerOf(request);
  const all = () =>
    [...runs.values()].reverse().map(({ log, at }) => runAt(log, at));
  const lists = { panels: () => PANELS, personas: () => PERSONAS, runs: all };
  if (caller === null) {
    refuse(response, 401, "Sign in.", "Nobody is signed in.");
  } else if (resource === "me") send(response, 200, caller);
  else if (rest.length === 0 && resource in lists) {
    send(response, 200, list(resource, lists[resource]()));
  } else if (resource === "documents") answerDocument(response, rest);
  else if (resource === "runs") answerRun(request, response, url, rest);
  else refuse(response, 404, "Not there.", url.pathname);
}

async function answer(request, response) {
  const url = new URL(request.url, "http://localhost");
  const [root, , resource, ...rest] = url.pathname.slice(1).split("/");
  if (url.pathname === "/fixture") {
    const { end_sign_ins, ...told } = JSON.parse(await readBody(request));
    if (end_sign_ins) access.endAll();
    Object.assign(fixture, told);
    send(response, 200, fixture);
  } else if (root !== "api") await serveStatic(url.pathname, response);
  else if (request.method === "POST") {
    await answerPost(request, response, resource, rest);
  } else answerGet(request, response, url, resource, rest);
}

const asked = { document_id: SAMPLE.document.id, mode: "review" };
if (!process.env.EMPTY) startRun("run-done", asked, PANELS[0], Infinity);

createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.destroy();
  });
}).listen(PORT, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${PORT}`);
});
