import Link from "next/link";
import type { ReactNode } from "react";

import { paths } from "@/config/paths";

import styles from "./site-header.module.css";

export function SiteHeader({ children }: { children: ReactNode }) {
  return (
    <header className={styles.header}>
      <a href="#main" className={styles.skip}>
        Skip to the content
      </a>
      <Link href={paths.start} prefetch={false} className={styles.brand}>
        <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
          <circle cx="16" cy="16" r="8" className={styles.table} />
          <g fill="currentColor">
            <circle cx="16" cy="3.5" r="2.5" />
            <circle cx="27" cy="10" r="2.5" />
            <circle cx="27" cy="22" r="2.5" />
            <circle cx="16" cy="28.5" r="2.5" />
            <circle cx="5" cy="22" r="2.5" />
            <circle cx="5" cy="10" r="2.5" />
          </g>
        </svg>
        Persona Roundtable
      </Link>
      <div className={styles.end}>
        <nav aria-label="Main">
          <Link href={paths.start} prefetch={false} className={styles.link}>
            New review
          </Link>
        </nav>
        {children}
      </div>
    </header>
  );
}
