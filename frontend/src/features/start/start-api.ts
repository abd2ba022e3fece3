import { getAll, getJson, post } from "@/lib/api/client";
import type { NewRun, Run } from "@/lib/api/run-types";
import type {
  Document,
  DocumentText,
  Panel,
  Persona,
} from "@/lib/api/types";

export interface ReadDocument {
  document: Document;
  body: DocumentText;
}

export interface Choice {
  panels: Panel[];
  personas: Map<string, Persona>;
}

export async function loadDocument(
  id: string,
  signal: AbortSignal,
): Promise<ReadDocument> {
  const path = `/documents/${encodeURIComponent(id)}`;
  const [document, body] = await Promise.all([
    getJson<Document>(path, signal),
    getJson<DocumentText>(`${path}/text`, signal),
  ]);
  return { document, body };
}

export async function loadChoice(
  _key: string,
  signal: AbortSignal,
): Promise<Choice> {
  const [panels, personas] = await Promise.all([
    getAll<Panel>("/panels", "panels", signal),
    getAll<Persona>("/personas", "personas", signal),
  ]);
  return { panels, personas: new Map(personas.map((each) => [each.id, each])) };
}

export function sendFile(file: File): Promise<Document> {
  const form = new FormData();
  form.set("file", file);
  return post<Document>("/documents", form, crypto.randomUUID());
}

export function sendText(text: string): Promise<Document> {
  const body = { title: titleOf(text), text };
  return post<Document>("/documents", body, crypto.randomUUID());
}

export function startRun(run: NewRun, idempotencyKey: string): Promise<Run> {
  return post<Run>("/runs", run, idempotencyKey);
}

const LONGEST_TITLE = 80;

/** A pasted text is called by its first line that says something. */
export function titleOf(text: string): string {
  const lines = text.split("\n").map((line) => line.replace(/^\s*#+/, "").trim());
  const title = lines.find((line) => line !== "") ?? "Pasted text";
  const letters = [...title];
  if (letters.length <= LONGEST_TITLE) return title;
  return `${letters.slice(0, LONGEST_TITLE - 1).join("").trimEnd()}…`;
}
