import { Suspense } from "react";

import { LoadingLines } from "@/components/loading-lines";
import { RecentRuns } from "@/features/library/recent-runs";
import { StartView } from "@/features/start/start-view";

export default function StartPage() {
  return (
    <main>
      <Suspense fallback={<LoadingLines words="Opening…" />}>
        <StartView>
          <RecentRuns />
        </StartView>
      </Suspense>
    </main>
  );
}
