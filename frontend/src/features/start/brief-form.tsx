"use client";

import { useMemo } from "react";

import type { Brief } from "@/lib/api/run-types";
import type { DocumentType } from "@/lib/api/types";
import { useSessionText } from "@/lib/use-session-text";

import styles from "./brief-form.module.css";

const TYPES: Record<DocumentType, string> = {
  marketing_copy: "Marketing copy",
  proposal: "Proposal",
  prd: "Product requirements",
  design_doc: "Design document",
  contract: "Contract",
  other: "Something else",
};

/** The brief as typed so far; it outlives a reload. */
export function useBrief(): [Brief, (brief: Brief) => void] {
  const [text, setText] = useSessionText("brief");
  const brief = useMemo(
    () => (text === "" ? {} : (JSON.parse(text) as Brief)),
    [text],
  );
  return [
    brief,
    (next) => {
      setText(JSON.stringify(next));
    },
  ];
}

interface BriefFormProps {
  brief: Brief;
  onChange: (brief: Brief) => void;
}

/** What the panel should know before it reads; all of it may stay empty. */
export function BriefForm({ brief, onChange }: BriefFormProps) {
  return (
    <fieldset className={styles.brief}>
      <legend>
        Brief <span>optional</span>
      </legend>
      <label>
        Document type
        <select
          data-testid="brief-document-type"
          value={brief.document_type ?? ""}
          onChange={({ target }) => {
            const value = target.value as DocumentType | "";
            onChange({ ...brief, document_type: value || undefined });
          }}
        >
          <option value="">Not said</option>
          {Object.entries(TYPES).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label>
        Who is it for?
        <input
          data-testid="brief-audience"
          value={brief.audience ?? ""}
          placeholder="IT buyers at mid-sized firms"
          onChange={({ target }) => {
            onChange({ ...brief, audience: target.value || undefined });
          }}
        />
      </label>
      <label>
        What should it achieve?
        <textarea
          rows={2}
          data-testid="brief-goal"
          value={brief.goal ?? ""}
          placeholder="Book a first call"
          onChange={({ target }) => {
            onChange({ ...brief, goal: target.value || undefined });
          }}
        />
      </label>
      <label>
        What is out of scope?
        <textarea
          rows={2}
          data-testid="brief-scope"
          value={brief.scope ?? ""}
          placeholder="Prices are settled elsewhere"
          onChange={({ target }) => {
            onChange({ ...brief, scope: target.value || undefined });
          }}
        />
      </label>
      <label>
        Anything else the panel should know?
        <textarea
          rows={2}
          data-testid="brief-instructions"
          value={brief.instructions ?? ""}
          onChange={({ target }) => {
            onChange({ ...brief, instructions: target.value || undefined });
          }}
        />
      </label>
    </fieldset>
  );
}
