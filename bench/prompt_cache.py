"""What a run costs under each layout of the prompts: ``make bench``.

First nine seats that review, then a roundtable of all kinds of turn that are shown the
document, in the order of a run.

Requests are composed as the runner sends them and held against the documented rules of
Anthropic's prompt cache (tests/support/prompt_cache.py). Prices are relative to sending
every token anew: 1.25 for a token that is kept, 0.1 for one that is read. Counted, not
timed: the figures are the same on every machine.
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

# The rules and the task are those of the tests.
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from roundtable_runner.turn.delimiters import Delimiters
from roundtable_runner.turn.engine import TurnPrompt
from roundtable_runner.turn.prompts.compose import compose_prompt
from roundtable_runner.turn.task import ControlTask, Task
from roundtable_runner.turn.task_subject import Paragraph
from support.prompt_cache import CacheUse, PromptCache
from support.review_tasks import SUBJECT, review_task
from support.turn_tasks import ANSWER, DISCUSSION, REPAIR

_SEATS = 9
_REPAIRS, _ANSWERS = 3, 2
_PARAGRAPHS = (6, 60, 300)
_KEPT_PRICE, _READ_PRICE = 1.25, 0.1

Layout = Callable[[TurnPrompt], tuple[list[str], list[str]]]

# System prompt and message as the blocks that end in a mark.
_LAYOUTS: dict[str, Layout] = {
    "one message": lambda prompt: ([prompt.system], [prompt.shared + prompt.user]),
    "document, then seat": lambda prompt: (
        [prompt.system],
        [prompt.shared, prompt.user],
    ),
    "document in the system prompt": lambda prompt: (
        [prompt.system + prompt.shared],
        [prompt.user],
    ),
}


def _text_of(paragraphs: int) -> tuple[Paragraph, ...]:
    text = "Claim after claim is that nobody else can do this. " * 8
    return tuple(Paragraph(f"P{number}", text) for number in range(1, paragraphs + 1))


def _seats(task: Any, seats: int, paragraphs: int) -> Iterator[Task]:
    subject = replace(task.subject, paragraphs=_text_of(paragraphs))
    for number in range(seats):
        persona = replace(task.seat.persona, name=f"Reader {number}")
        seat = replace(task.seat, persona=persona)
        yield replace(task, subject=subject, seat=seat)


def _composed(tasks: Iterable[Task]) -> list[TurnPrompt]:
    draw = Delimiters().of("run")
    delimiter = draw()
    return [compose_prompt(task, draw_delimiter=lambda: delimiter) for task in tasks]


def _reviews(paragraphs: int) -> list[TurnPrompt]:
    return _composed(_seats(review_task(), _SEATS, paragraphs))


def _roundtable(paragraphs: int) -> list[TurnPrompt]:
    subject = replace(SUBJECT, paragraphs=_text_of(paragraphs))
    return _composed(
        (
            *_seats(review_task(), _SEATS, paragraphs),
            ControlTask(subject),
            *_seats(REPAIR, _REPAIRS, paragraphs),
            *_seats(DISCUSSION, _SEATS, paragraphs),
            *_seats(ANSWER, _ANSWERS, paragraphs),
        )
    )


def _one_system_prompt(prompts: list[TurnPrompt]) -> list[TurnPrompt]:
    """Return the prompts with a review's system prompt, and their own in the task."""
    system = prompts[0].system
    return [
        prompt
        if prompt.system == system
        else replace(prompt, system=system, user=f"{prompt.system}\n\n{prompt.user}")
        for prompt in prompts
    ]


def _one_schema(prompts: list[TurnPrompt]) -> list[TurnPrompt]:
    """Return the prompts with a schema that takes the answers of every kind."""
    schemas = {prompt.system: prompt.schema for prompt in prompts}
    schema = {"anyOf": list(schemas.values())}
    one = _one_system_prompt(prompts)
    return [replace(prompt, schema=schema) for prompt in one]


_KINDS: dict[str, Callable[[list[TurnPrompt]], list[TurnPrompt]]] = {
    "each kind its own": lambda prompts: prompts,
    "one system prompt": _one_system_prompt,
    "one system prompt, one schema": _one_schema,
}


def _request(prompt: TurnPrompt, layout: Layout) -> dict[str, Any]:
    system, message = layout(prompt)
    return {
        "tools": [{"name": "StructuredOutput", "input_schema": prompt.schema}],
        # The CLI's own line stands first and carries a mark too.
        "system": _marked(["You are a Claude agent.", *system]),
        "messages": [{"role": "user", "content": _marked(message)}],
    }


def _marked(texts: list[str]) -> list[dict[str, Any]]:
    mark = {"type": "ephemeral"}
    return [{"type": "text", "text": text, "cache_control": mark} for text in texts]


def _paid(uses: list[CacheUse]) -> float:
    return sum(
        use.sent + _KEPT_PRICE * use.kept + _READ_PRICE * use.read for use in uses
    )


def _price(uses: list[CacheUse]) -> float:
    return _paid(uses) / sum(use.whole for use in uses)


def _say(line: str) -> None:
    print(line)  # noqa: T201 - a program


def _print_reviews() -> None:
    _say(f"{'tokens a seat':>13}  {'layout':30}  read  price  price if all at once")
    for paragraphs in _PARAGRAPHS:
        prompts = _reviews(paragraphs)
        for name, layout in _LAYOUTS.items():
            requests = [_request(prompt, layout) for prompt in prompts]
            cache = PromptCache()
            uses = [cache.take(request) for request in requests]
            alone = [PromptCache().take(request) for request in requests]
            share = sum(use.read for use in uses) / sum(use.whole for use in uses)
            _say(
                f"{uses[0].whole:13,}  {name:30}  {share:4.0%}  {_price(uses):5.2f}"
                f"  {_price(alone):5.2f}"
            )


def _print_roundtables() -> None:
    layout = _LAYOUTS["document, then seat"]
    _say(f"\n{'tokens a seat':>13}  {'prompts of the kinds':30}  paid tokens of a run")
    for paragraphs in _PARAGRAPHS:
        prompts = _roundtable(paragraphs)
        for name, change in _KINDS.items():
            cache = PromptCache()
            uses = [cache.take(_request(each, layout)) for each in change(prompts)]
            _say(f"{uses[0].whole:13,}  {name:30}  {_paid(uses):11,.0f}")


def main() -> None:
    """Print a row for each length and layout."""
    _print_reviews()
    _print_roundtables()


if __name__ == "__main__":
    main()
