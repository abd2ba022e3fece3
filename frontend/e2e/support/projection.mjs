/** Folds a log into the Run that `GET /runs/{id}` answers at that point. */

const ENDS = {
  "run.succeeded": "succeeded",
  "run.incomplete": "incomplete",
  "run.failed": "failed",
  "run.cancelled": "cancelled",
};

export function runAt(log, sequence) {
  const run = { ...log[0].run, turns: [], findings: [], decision: null };
  for (const event of log.slice(1, sequence)) apply(run, event);
  return { ...run, last_sequence: sequence };
}

function apply(run, event) {
  const replaceTurn = (turn) => {
    run.turns = [...run.turns.filter(({ id }) => id !== turn.id), turn];
  };
  const own = run.turns.find(({ id }) => id === event.turn_id);
  if (event.type in ENDS) {
    run.state = ENDS[event.type];
    run.reason = event.reason ?? null;
    run.end_time = event.time;
  } else if (event.type === "run.started") {
    run.state = "running";
    run.start_time = event.time;
  } else if (event.turn) replaceTurn(event.turn);
  else if (event.finding) run.findings = [...run.findings, event.finding];
  else if (event.decision) run.decision = event.decision;
  else if (event.type === "turn.delta") {
    replaceTurn({ ...own, text: own.text + event.text, draft: event.draft });
  } else if (event.type === "turn.failed") {
    replaceTurn({ ...own, state: "failed", reason: event.reason });
  } else if (event.type === "turn.superseded") {
    replaceTurn({ ...own, state: "queued", text: "" });
    run.findings = run.findings.filter((each) => each.turn_id !== own.id);
  }
}
