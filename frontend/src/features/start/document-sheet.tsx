import Link from "next/link";

import { paths } from "@/config/paths";
import { takeLostFocus } from "@/lib/lost-focus";
import { isHeading } from "@/lib/paragraph";
import { plural } from "@/lib/plural";

import styles from "./document-sheet.module.css";
import type { ReadDocument } from "./start-api";

/** The text as it was read, with its facts. */
export function DocumentSheet({ document, body }: ReadDocument) {
  const { page_count: pages, warnings } = document;
  const facts = [
    pages === null ? null : plural(pages, "page"),
    plural(document.word_count, "word"),
    plural(document.paragraph_count, "paragraph"),
    warnings.length > 0 ? plural(warnings.length, "warning") : null,
  ].filter((fact) => fact !== null);
  return (
    <>
      <header className={styles.head}>
        <div>
          <h1 ref={takeLostFocus} tabIndex={-1}>
            {document.title}
          </h1>
          <p className={styles.facts} data-testid="document-facts">
            {facts.join(", ")}
          </p>
        </div>
        <Link href={paths.start} className="button button-quiet">
          Use another document
        </Link>
      </header>
      {warnings.length > 0 && (
        <ul className={styles.warnings}>
          {warnings.map(({ code, detail }) => (
            <li key={code + detail}>
              <strong>Warning:</strong> {detail}
            </li>
          ))}
        </ul>
      )}
      <div
        className={styles.sheet}
        role="region"
        aria-label="The text as it was read"
        tabIndex={0}
        data-testid="document-text"
      >
        {body.paragraphs.map((paragraph, index) => (
          <div key={paragraph.id} className={styles.row}>
            <span className={styles.number} aria-hidden="true">
              {paragraph.id.replace(/^P/, "")}
            </span>
            {isHeading(paragraph, body.paragraphs[index + 1]) ? (
              <h2>{paragraph.text}</h2>
            ) : (
              <p>{paragraph.text}</p>
            )}
          </div>
        ))}
      </div>
    </>
  );
}
