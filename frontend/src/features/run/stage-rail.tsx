import { progressWords } from "./words";
import { stagesOf, type StageProgress } from "./progress";
import type { Connection } from "./run-feed";
import type { RunState } from "./run-state";
import styles from "./stage-rail.module.css";
import { useNow } from "./use-now";

const PROGRESS_WORDS: Record<StageProgress, string> = {
  waiting: "not begun",
  current: "under way",
  done: "done",
  stopped: "stopped",
};

interface StageRailProps {
  state: RunState;
  connection: Connection;
}

/** How far the run is, and in words what happens now. */
export function StageRail({ state, connection }: StageRailProps) {
  const now = useNow();
  return (
    <div className={styles.rail} data-testid="stage-rail">
      <ol className={styles.stages}>
        {stagesOf(state).map(({ name, label, progress }) => (
          <li
            key={name}
            className={styles.stage}
            data-stage={name}
            data-progress={progress}
            aria-current={progress === "current" ? "step" : undefined}
          >
            {label}
            <span className="visually-hidden">, {PROGRESS_WORDS[progress]}</span>
          </li>
        ))}
      </ol>
      <p className={styles.words} data-testid="stage-words">
        {progressWords(state, now)}
      </p>
      {connection === "lost" && (
        <p className={styles.lost} role="status" data-testid="connection-lost">
          Connection lost; trying again. The run goes on without this page.
        </p>
      )}
    </div>
  );
}
