/** What every answer of the fixture is made with. */

export function send(response, status, body, type = "application/json") {
  response.writeHead(status, { "Content-Type": type, "x-request-id": "req-1" });
  response.end(body === null ? undefined : JSON.stringify(body));
}

export function refuse(response, status, title, detail, errors = []) {
  const reason = "FIXTURE";
  const problem = { title, status, detail, reason, request_id: "req-1", errors };
  send(response, status, problem, "application/problem+json");
}

export async function readBody(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}
