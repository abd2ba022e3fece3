import type { ReactNode } from "react";

import { adviceFor } from "@/lib/api/advice";
import { ApiError } from "@/lib/api/client";

import styles from "./problem-notice.module.css";

interface ProblemNoticeProps {
  error: unknown;
  /** What did not happen, as a sentence. */
  what: string;
  children?: ReactNode;
}

/** Says what happened, why, and what to do about it. */
export function ProblemNotice({ error, what, children }: ProblemNoticeProps) {
  const problem = error instanceof ApiError ? error.problem : null;
  const retryAfter = error instanceof ApiError ? error.retryAfterSeconds : null;
  return (
    <div className={styles.notice} role="alert" data-testid="problem">
      <p className={styles.what}>{what}</p>
      {problem ? (
        <>
          <p>
            {problem.title} {problem.detail !== problem.title && problem.detail}
          </p>
          {problem.errors && problem.errors.length > 0 && (
            <ul className={styles.fields}>
              {problem.errors.map(({ field, detail }) => (
                <li key={field + detail}>
                  <code>{field}</code> {detail}
                </li>
              ))}
            </ul>
          )}
          <p>{adviceFor(problem, retryAfter)}</p>
        </>
      ) : (
        <p>The page itself stumbled: {String(error)}. Reload it.</p>
      )}
      {children && <div className={styles.actions}>{children}</div>}
      {problem?.request_id && (
        <p className={styles.id}>Request {problem.request_id}</p>
      )}
    </div>
  );
}
