import type { Metadata } from "next";
import { Suspense } from "react";

import { LoadingLines } from "@/components/loading-lines";
import { RunView } from "@/features/run/run-view";

export const metadata: Metadata = { title: "Run – Persona Roundtable" };

export default function RunPage() {
  return (
    <main>
      <Suspense fallback={<LoadingLines words="Opening the run…" />}>
        <RunView />
      </Suspense>
    </main>
  );
}
