/** Turns the answers into the log of a run: events with the pause before each. */

import { ANSWERS } from "./answers.mjs";

const USAGE = {
  input_tokens: 1840,
  output_tokens: 420,
  cache_read_tokens: 1200,
  cost_usd: null,
};

function quote(source, given) {
  const unit = source.text.indexOf(given);
  if (unit < 0) {
    return {
      text: null,
      given,
      status: "not_found",
      method: null,
      paragraph_id: null,
      start: null,
      end: null,
    };
  }
  const start = Array.from(source.text.slice(0, unit)).length;
  const end = start + Array.from(given).length;
  const paragraph = source.paragraphs.find(
    (each) => each.start <= start && start < each.end,
  );
  return {
    text: given,
    given,
    status: "exact",
    method: "exact",
    paragraph_id: paragraph.id,
    start,
    end,
  };
}

function finding(source, id, turnId, panelistId, said) {
  const quotes = said.quotes.map((given) => quote(source, given));
  return {
    id,
    turn_id: turnId,
    panelist_id: panelistId,
    kind: said.kind,
    title: said.title,
    severity: said.severity,
    criterion: said.criterion,
    paragraph_ids: quotes.flatMap((each) => each.paragraph_id ?? []),
    quotes,
    searched_for: said.searched ?? [],
    impact: said.impact,
    affected_reader: "The buyer",
    fix: said.fix,
    rewrite: said.rewrite,
    fix_kind: said.fix_kind,
    confidence: 80,
    would_change_mind_if: "The page showed evidence.",
    verified: quotes.some((each) => each.status === "exact"),
    disposition: "open",
    disposition_reason: null,
  };
}

function turn(id, panelistId, attempt, change = {}) {
  return {
    id,
    kind: "review",
    panelist_id: panelistId,
    round: 1,
    attempt,
    state: "running",
    reason: null,
    text: "",
    scores: [],
    overall: null,
    verdict: null,
    usage: null,
    start_time: "2026-11-23T07:00:02Z",
    end_time: null,
    ...change,
  };
}

function review(source, panelist, attempt, nextFinding) {
  const answer = ANSWERS[panelist.persona.id];
  const id = `turn-${panelist.id}`;
  const ref = { turn_id: id, attempt };
  const findings = answer.findings.map((said) =>
    finding(source, nextFinding(), id, panelist.id, said),
  );
  const words = answer.words.match(/\S+\s*/g);
  const completed = turn(id, panelist.id, attempt, {
    state: "succeeded",
    text: answer.words,
    scores: answer.scores.map(([criterion, score, rationale]) => ({
      criterion,
      score,
      finding_ids: findings
        .filter((each) => each.criterion === criterion)
        .map((each) => each.id),
      rationale,
    })),
    overall: answer.overall,
    verdict: answer.verdict,
    verdict_reason: answer.reason,
    usage: USAGE,
    end_time: "2026-11-23T07:00:20Z",
  });
  return [
    { type: "turn.started", ...ref, turn: turn(id, panelist.id, attempt) },
    ...words.map((text) => ({ type: "turn.delta", ...ref, text, draft: 1 })),
    ...findings.map((each) => ({
      type: "finding.added",
      ...ref,
      finding: each,
    })),
    { type: "turn.completed", ...ref, turn: completed },
  ];
}

/** An attempt that speaks, then dies, and is superseded. */
function failedAttempt(panelist) {
  const id = `turn-${panelist.id}`;
  const ref = { turn_id: id, attempt: 1 };
  return [
    { type: "turn.started", ...ref, turn: turn(id, panelist.id, 1) },
    { type: "turn.delta", ...ref, text: "I begin with the ", draft: 1 },
    { type: "turn.delta", ...ref, text: "price, as one does", draft: 1 },
    {
      type: "turn.failed",
      ...ref,
      reason: "overloaded",
      retry_time: "2026-11-23T07:00:09Z",
    },
    { type: "turn.superseded", ...ref },
  ];
}

/** Takes one event from each list in turn, as reviewers speak at once. */
function interleave(lists) {
  const out = [];
  for (let row = 0; lists.some((list) => row < list.length); row += 1) {
    for (const list of lists) if (row < list.length) out.push(list[row]);
  }
  return out;
}

function decide(run, findings) {
  const open = findings.filter((each) => each.verified);
  const of = (severity) =>
    open.filter((each) => each.severity === severity).map((each) => each.id);
  const seats = run.panelists.length;
  return {
    outcome: "rework",
    reason: "BLOCKERS",
    score: 2,
    score_after_discussion: null,
    spread: 1,
    seats,
    seats_finished: seats,
    blockers: of("blocker"),
    majors: of("major"),
    dissent: run.panelists
      .filter(
        ({ persona }) => ANSWERS[persona.id].verdict === "approve_with_changes",
      )
      .map((panelist) => ({
        panelist_id: panelist.id,
        position: ANSWERS[panelist.persona.id].reason,
        finding_ids: [],
      })),
    policy: "v1",
  };
}

/** The whole log of a review of `source` by the run's panel. */
export function logOf(run, source) {
  let count = 0;
  const nextFinding = () => `F${(count += 1)}`;
  const reviews = run.panelists.map((panelist) =>
    panelist.persona.id === "cio"
      ? [...failedAttempt(panelist), ...review(source, panelist, 2, nextFinding)]
      : review(source, panelist, 1, nextFinding),
  );
  const facts = interleave(reviews);
  const findings = facts.flatMap((fact) => fact.finding ?? []);
  return [
    { type: "run.created", run },
    { type: "run.queued" },
    { type: "run.started" },
    ...facts,
    { type: "decision.set", decision: decide(run, findings) },
    { type: "run.succeeded" },
  ].map((fact, index) => ({
    sequence: index + 1,
    time: "2026-11-23T07:00:05Z",
    run_id: run.id,
    ...fact,
  }));
}
