"use client";

import { useState } from "react";

import type { Finding } from "@/lib/api/types";

import styles from "./side-tabs.module.css";
import type { Side } from "./use-selection";

interface SideTabsProps {
  findings: readonly Finding[];
  side: Side;
  onShow: (side: Side) => void;
}

const LABELS: Record<Side, string> = { document: "Document", panel: "Panel" };

/** On a narrow screen: which side is shown, and how much is new on the other. */
export function SideTabs({ findings, side, onShow }: SideTabsProps) {
  const total = findings.length;
  // What was there when a side was last left has been seen on it.
  const [seen, setSeen] = useState<Record<Side, number>>({
    document: total,
    panel: 0,
  });
  const [shown, setShown] = useState(side);
  if (shown !== side) {
    setSeen({ ...seen, [shown]: total });
    setShown(side);
  }
  return (
    <div className={styles.tabs} role="group" aria-label="Shown side">
      {(["document", "panel"] as const).map((name) => {
        const fresh = name === side ? 0 : Math.max(0, total - seen[name]);
        return (
          <button
            key={name}
            type="button"
            aria-pressed={name === side}
            data-testid={`tab-${name}`}
            onClick={() => {
              onShow(name);
            }}
          >
            {LABELS[name]}
            {fresh > 0 && <span className={styles.count}>{fresh} new</span>}
          </button>
        );
      })}
    </div>
  );
}
