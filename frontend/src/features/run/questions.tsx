"use client";

import { useRef, useState } from "react";

import { ProblemNotice } from "@/components/problem-notice";
import { post } from "@/lib/api/client";
import type { Run } from "@/lib/api/run-types";
import type { Turn } from "@/lib/api/types";

import styles from "./questions.module.css";
import { isAtRest, isOpenTurn, isQuiet } from "./run-life";
import type { RunState } from "./run-state";
import { reasonWords } from "./words";

interface QuestionsProps {
  state: RunState;
  names: ReadonlyMap<string, string>;
  onAsked: () => void;
}

/** Questions to the panel after the run, and what was answered. */
export function Questions({ state, names, onAsked }: QuestionsProps) {
  if (!isAtRest(state.run)) return null;
  const answers = state.turns.filter(({ kind }) => kind === "answer");
  const hasReviews = state.turns.some(
    ({ kind, state: life }) => kind === "review" && life === "succeeded",
  );
  if (!hasReviews) return null;
  return (
    <section
      className={styles.questions}
      aria-labelledby="questions-title"
      data-testid="questions"
    >
      <h2 id="questions-title">Ask the panel</h2>
      <ol className={styles.thread}>
        {answers.map((turn, index) => (
          <li key={turn.id} data-testid={`answer-${turn.id}`}>
            {turn.question !== answers[index - 1]?.question && (
              <p className={styles.asked}>{turn.question}</p>
            )}
            <p>
              <b>{names.get(turn.panelist_id ?? "") ?? turn.panelist_id}</b>{" "}
              {answerWords(turn)}
            </p>
          </li>
        ))}
      </ol>
      <QuestionForm
        run={state.run}
        isBusy={!isQuiet(state)}
        onAsked={onAsked}
      />
    </section>
  );
}

function answerWords(turn: Turn): string {
  if (turn.state === "failed") {
    return `could not answer because ${reasonWords(turn.reason)}.`;
  }
  if (isOpenTurn(turn) && turn.text === "") return "is thinking…";
  return turn.text;
}

interface QuestionFormProps {
  run: RunState["run"];
  isBusy: boolean;
  onAsked: () => void;
}

function QuestionForm({ run, isBusy, onAsked }: QuestionFormProps) {
  const [text, setText] = useState("");
  const [seat, setSeat] = useState("");
  const [isSending, setIsSending] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const lastTry = useRef({ body: "", key: "" });

  async function ask() {
    const question = { panelist_id: seat || null, text };
    const body = JSON.stringify(question);
    if (lastTry.current.body !== body) {
      lastTry.current = { body, key: crypto.randomUUID() };
    }
    setIsSending(true);
    setError(null);
    try {
      const path = `/runs/${encodeURIComponent(run.id)}/questions`;
      await post<Run>(path, question, lastTry.current.key);
      lastTry.current = { body: "", key: "" };
      setText("");
      onAsked();
    } catch (cause) {
      setError(cause);
    } finally {
      setIsSending(false);
    }
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void ask();
      }}
    >
      <label>
        Whom?
        <select
          value={seat}
          data-testid="question-seat"
          onChange={({ target }) => {
            setSeat(target.value);
          }}
        >
          <option value="">Everybody</option>
          {run.panelists.map(({ id, persona }) => (
            <option key={id} value={id}>
              {persona.name}
            </option>
          ))}
        </select>
      </label>
      <label>
        Your question
        <textarea
          rows={2}
          value={text}
          data-testid="question-text"
          onChange={({ target }) => {
            setText(target.value);
          }}
        />
      </label>
      <button
        type="submit"
        className="button"
        data-testid="question-button"
        disabled={text.trim() === "" || isSending || isBusy}
      >
        {isBusy ? "Being answered…" : "Ask"}
      </button>
      {error !== null && (
        <ProblemNotice error={error} what="Your question was not asked." />
      )}
    </form>
  );
}
