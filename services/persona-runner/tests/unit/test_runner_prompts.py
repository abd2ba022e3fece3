"""What is sent for a review, letter by letter."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_runner.turn.delimiters import Delimiters
from roundtable_runner.turn.engine import AnswerFormat
from roundtable_runner.turn.review import compose_review
from roundtable_runner.turn.schema import build_review_schema
from roundtable_runner.turn.system_prompt import compose_system_prompt
from roundtable_runner.turn.task import Brief, Paragraph
from roundtable_runner.turn.user_message import compose_user_message
from support.review_tasks import CRITERIA, review_task

_GOLDEN = Path(__file__).parent.parent / "golden"


class Golden:
    """Compares a text to its golden file, or rewrites that file when asked to."""

    def __init__(self, *, is_update: bool) -> None:
        self._is_update = is_update

    def check(self, name: str, text: str) -> None:
        """Assert that the text is the golden one."""
        path = _GOLDEN / name
        if self._is_update:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        assert path.read_text() == text


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Golden files, rewritten under ``pytest --update-golden``."""
    is_update = request.config.getoption("--update-golden", default=False)
    return Golden(is_update=bool(is_update))


def _draws(*delimiters: str) -> Iterator[str]:
    return iter(delimiters)


def test_system_prompt_is_the_golden_one(golden: Golden) -> None:
    """Rules, rubric, contract and example are pinned."""
    golden.check("review_system_prompt.txt", compose_system_prompt(CRITERIA))


def test_user_message_is_the_golden_one(golden: Golden) -> None:
    """Document, brief, seat and SEAT line are pinned."""
    message = compose_user_message(review_task(), draw_delimiter=lambda: "7f3a9c21d0")

    golden.check("review_user_message.txt", message.whole)


def test_fenced_prompts_are_the_golden_ones(golden: Golden) -> None:
    """What a model is told that calls no tools is pinned too."""
    prompt = compose_review(
        review_task(),
        draw_delimiter=lambda: "7f3a9c21d0",
        answer_format=AnswerFormat.FENCED,
    )

    golden.check("review_system_prompt_fenced.txt", prompt.system)
    golden.check("review_user_message_fenced.txt", f"{prompt.shared}\n\n{prompt.user}")


def test_formats_differ_in_how_the_answer_comes_alone() -> None:
    """A model is held to the same rules and asked the same, tool or no tool."""
    prompts = [
        compose_review(
            review_task(), draw_delimiter=lambda: "7f3a9c21d0", answer_format=one
        )
        for one in AnswerFormat
    ]

    assert prompts[0].schema == prompts[1].schema
    assert "StructuredOutput" in prompts[0].system
    assert "StructuredOutput" not in prompts[1].system + prompts[1].user
    for heading in ("RULES", "RUBRIC", "EXAMPLE"):
        assert heading in prompts[1].system
    assert (
        prompts[0].user.partition("Your task:")[0]
        == (prompts[1].user.partition("Your task:")[0])
    )


def test_schema_is_the_golden_one(golden: Golden) -> None:
    """The schema of a review is pinned."""
    schema = build_review_schema([criterion.key for criterion in CRITERIA])

    golden.check("review_schema.json", json.dumps(schema, indent=2) + "\n")


def test_seats_of_a_run_share_system_prompt_and_schema() -> None:
    """Nothing of a seat stands in what the prompt cache is to serve to all."""
    task = review_task()
    persona = replace(task.persona, name="Ed", role="Buyer", method="enumerate")
    other = replace(task, panelist_id="B", persona=persona, owned_criteria=("clarity",))

    delimiters = Delimiters()
    prompts = [
        compose_review(each, draw_delimiter=delimiters.of("run"))
        for each in (task, other)
    ]

    assert prompts[0].system == prompts[1].system
    assert prompts[0].schema == prompts[1].schema
    assert prompts[0].shared == prompts[1].shared
    assert prompts[0].user != prompts[1].user


def test_example_in_the_system_prompt_fits_the_schema() -> None:
    """The model is shown a finding that would be accepted."""
    prompt = compose_system_prompt(CRITERIA)
    begin = prompt.index('{"kind":"omission"')
    finding, _ = json.JSONDecoder().raw_decode(prompt[begin:].replace("\n", ""))

    schema = build_review_schema(["completeness"])
    properties = schema["properties"]["findings"]["items"]["properties"]
    assert list(finding) == list(properties)
    assert finding["kind"] in properties["kind"]["enum"]
    assert finding["criterion"] in properties["criterion"]["enum"]


def test_delimiter_is_drawn_again_while_the_document_holds_it() -> None:
    """A document can't close itself, not even by luck."""
    task = replace(review_task(), paragraphs=(Paragraph("P1", "say aaaa and bbbb"),))
    draws = _draws("aaaa", "bbbb", "cccc")

    message = compose_user_message(task, draw_delimiter=lambda: next(draws)).whole

    assert "----- BEGIN DOCUMENT cccc -----" in message


def test_fields_that_were_not_given_are_not_told() -> None:
    """Nothing stands in the message without its value."""
    task = review_task()
    persona = replace(task.persona, questions=(), background="")
    task = replace(task, persona=persona, brief=Brief())

    message = compose_user_message(task, draw_delimiter=Delimiters().of("run")).whole

    for label in ("Audience", "Goal", "Questions you ask", "What shaped you"):
        assert label not in message
    assert "Document type: marketing copy" in message


_PARAGRAPH_TEXTS = (
    st.text(min_size=1)
    .map(lambda text: text.replace("\r", "").strip("\n"))
    .filter(lambda text: text != "" and "\n\n" not in text)
)


@given(st.lists(_PARAGRAPH_TEXTS, min_size=1, max_size=5))
def test_any_document_can_be_read_back(texts: list[str]) -> None:
    """Whatever the text says, the split into paragraphs is unambiguous."""
    paragraphs = tuple(
        Paragraph(f"P{number}", text) for number, text in enumerate(texts, start=1)
    )
    task = replace(review_task(), paragraphs=paragraphs)

    message = compose_user_message(task, draw_delimiter=Delimiters().of("run")).whole

    seat_line = message.rsplit("\n", 1)[-1]
    delimiter = json.loads(seat_line.removeprefix("SEAT "))["delimiter"]
    begin = f"----- BEGIN DOCUMENT {delimiter} -----\n"
    body = message.partition(begin)[2]
    body = body.rpartition(f"\n----- END DOCUMENT {delimiter} -----")[0]
    assert body.split("\n\n") == [
        f"[{paragraph.paragraph_id}] {paragraph.text}" for paragraph in paragraphs
    ]
