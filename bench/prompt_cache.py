"""What nine seats cost under each layout of the prompt: ``make bench``.

Requests are composed as the runner sends them and held against the documented rules of
Anthropic's prompt cache (tests/support/prompt_cache.py). Prices are relative to sending
every token anew: 1.25 for a token that is kept, 0.1 for one that is read. Counted, not
timed: the figures are the same on every machine.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

# The rules and the task are those of the tests.
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from roundtable_runner.turn.delimiters import Delimiters
from roundtable_runner.turn.engine import TurnPrompt
from roundtable_runner.turn.prompts.compose import compose_prompt
from roundtable_runner.turn.task_subject import Paragraph
from support.prompt_cache import CacheUse, PromptCache
from support.review_tasks import review_task

_SEATS = 9
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


def _prompts(paragraphs: int) -> Iterator[TurnPrompt]:
    text = "Claim after claim is that nobody else can do this. " * 8
    task = review_task(
        *(Paragraph(f"P{number}", text) for number in range(1, paragraphs + 1))
    )
    delimiters = Delimiters()
    for seat in range(_SEATS):
        persona = replace(task.seat.persona, name=f"Reader {seat}")
        yield compose_prompt(
            replace(task, seat=replace(task.seat, persona=persona)),
            draw_delimiter=delimiters.of("run"),
        )


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


def _price(uses: list[CacheUse]) -> float:
    paid = sum(
        use.sent + _KEPT_PRICE * use.kept + _READ_PRICE * use.read for use in uses
    )
    return paid / sum(use.whole for use in uses)


def main() -> None:
    """Print a row for each length and layout."""
    print(f"{'tokens a seat':>13}  {'layout':30}  read  price  price if all at once")  # noqa: T201 - a program
    for paragraphs in _PARAGRAPHS:
        prompts = list(_prompts(paragraphs))
        for name, layout in _LAYOUTS.items():
            requests = [_request(prompt, layout) for prompt in prompts]
            cache = PromptCache()
            uses = [cache.take(request) for request in requests]
            alone = [PromptCache().take(request) for request in requests]
            share = sum(use.read for use in uses) / sum(use.whole for use in uses)
            print(  # noqa: T201 - a program
                f"{uses[0].whole:13,}  {name:30}  {share:4.0%}  {_price(uses):5.2f}"
                f"  {_price(alone):5.2f}"
            )


if __name__ == "__main__":
    main()
