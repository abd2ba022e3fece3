/** Serves out/ under the content security policy that the page must live with. */

import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../out/", import.meta.url));
const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
};

export async function serveStatic(pathname, response) {
  const path = join(ROOT, normalize(decodeURIComponent(pathname)));
  const file = pathname.endsWith("/") ? join(path, "index.html") : path;
  const found = await stat(file).then((each) => each.isFile(), () => false);
  const body = await readFile(found ? file : join(ROOT, "404.html"));
  const type = found ? (TYPES[extname(file)] ?? "application/octet-stream") : TYPES[".html"];
  const headers = { "Content-Type": type };
  if (type === TYPES[".html"]) {
    headers["Content-Security-Policy"] = policyFor(body.toString("utf8"));
  }
  response.writeHead(found ? 200 : 404, headers);
  response.end(body);
}

function policyFor(html) {
  const scripts = [...html.matchAll(/<script(?![^>]*\bsrc=)[^>]*>([\s\S]*?)<\/script>/g)];
  const hashes = scripts.map(
    ([, body]) => `'sha256-${createHash("sha256").update(body).digest("base64")}'`,
  );
  return [
    "default-src 'self'",
    `script-src 'self' ${hashes.join(" ")}`,
    "style-src 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}
