"""Reading requests for turns of every kind."""

from collections.abc import Callable
from typing import Any

import pytest

from roundtable.runner.v1 import turn_service_pb2
from roundtable_kit.errors import InvalidArgument
from roundtable_runner.rpc.requests import read_start
from roundtable_runner.turn.prompts.compose import compose_prompt
from roundtable_runner.turn.task import (
    AnswerTask,
    ClusterTask,
    DiscussionTask,
    RepairTask,
    SweepTask,
    SynthesisTask,
)
from support.runner_harness import start_request
from support.turn_requests import (
    KINDS,
    discussed_message,
    finding_message,
    item_message,
    turn_request,
)

_Request = turn_service_pb2.StartTurnRequest


def _violations(request: _Request) -> dict[str, str]:
    with pytest.raises(InvalidArgument) as raised:
        read_start(request)
    assert raised.value.reason == "INVALID_REQUEST"
    return {violation.field: violation.detail for violation in raised.value.violations}


def _numbered(*numbers: int) -> _Request:
    request = start_request()
    document = request.review.subject.document
    del document.paragraphs[:]
    for number in numbers:
        document.paragraphs.add(paragraph_id=f"P{number}", text=f"Text {number}.")
    return request


@pytest.mark.parametrize("kind", KINDS)
def test_task_of_every_kind_is_read(kind: str) -> None:
    """What is asked arrives as the domain's task of that kind."""
    spec = read_start(turn_request(kind))

    assert spec.task.kind == kind
    assert compose_prompt(spec.task, draw_delimiter=lambda: "7f3a9c21d0").user


def test_task_is_required() -> None:
    """A turn without a task is none."""
    request = turn_request("review")
    request.ClearField("review")

    assert _violations(request) == {"task": "is required"}


def test_part_of_a_document_begins_at_any_number() -> None:
    """A share of a long document keeps the document's own numbers."""
    request = _numbered(41, 42, 43)
    request.review.subject.document.paragraph_count = 90

    task: Any = read_start(request).task

    ids = [paragraph.paragraph_id for paragraph in task.subject.paragraphs]
    assert ids == ["P41", "P42", "P43"]
    assert task.subject.is_part


@pytest.mark.parametrize(
    ("numbers", "index"), [((0,), 0), ((1, 3), 1), ((2, 2), 1), ((5, 4), 1)]
)
def test_paragraphs_ascend_by_one(numbers: tuple[int, ...], index: int) -> None:
    """A gap, a double and a step back are told where they are."""
    field = f"review.subject.document.paragraphs[{index}].paragraph_id"

    assert list(_violations(_numbered(*numbers))) == [field]


def test_more_is_not_shown_than_there_is() -> None:
    """The count is the whole document's."""
    request = _numbered(1, 2)
    request.review.subject.document.paragraph_count = 1

    assert list(_violations(request)) == ["review.subject.document.paragraph_count"]


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        ("P3", "P2", "first_paragraph_id"),
        ("P1", "P9", "last_paragraph_id"),
        ("P2", "P1", "last_paragraph_id"),
    ],
)
def test_sweep_lies_within_what_is_shown(first: str, last: str, field: str) -> None:
    """Nobody is asked to read what was not sent, or backwards."""
    request = turn_request("sweep")
    request.sweep.first_paragraph_id = first
    request.sweep.last_paragraph_id = last

    assert list(_violations(request)) == [f"sweep.{field}"]


def test_fields_of_a_task_reach_the_domain() -> None:
    """Ids, ranges, rounds and what stands for nothing find their place."""
    tasks = {kind: read_start(turn_request(kind)).task for kind in KINDS}

    sweep, repair, cluster = tasks["sweep"], tasks["repair"], tasks["cluster"]
    discussion, synthesis = tasks["discussion"], tasks["synthesis"]
    answer = tasks["answer"]
    assert isinstance(sweep, SweepTask)
    assert (sweep.first_paragraph_id, sweep.last_paragraph_id) == ("P1", "P2")
    assert isinstance(repair, RepairTask)
    assert repair.findings[0].quotes[0].paragraph_id == "P1"
    assert repair.findings[0].rewrite is None
    assert isinstance(cluster, ClusterTask)
    assert cluster.pairs[0].second.title == "No source"
    assert isinstance(discussion, DiscussionTask)
    assert (discussion.round, discussion.finding_ids) == (2, ("A1",))
    (said,) = discussion.items[0].statements
    assert (said.statement.finding_id, said.statement.changed_by) == ("A1", None)
    assert discussion.verdict is not None
    assert discussion.verdict.overall == 2
    assert isinstance(synthesis, SynthesisTask)
    assert synthesis.clusters[0].findings[0].finding_id == "A1"
    assert (synthesis.brief.goal, synthesis.not_examined) == ("A call", ("prices",))
    assert isinstance(answer, AnswerTask)
    assert answer.question == "What would convince you?"


def test_repair_without_a_seat_is_the_controls() -> None:
    """Absent is absent, and not a seat without a name."""
    request = turn_request("repair")
    request.repair.ClearField("seat")

    task = read_start(request).task

    assert isinstance(task, RepairTask)
    assert task.seat is None


def test_dissent_may_rest_on_what_the_author_rejected() -> None:
    """It is in no cluster; the moderator is not told an id that nobody could cite."""
    request = turn_request("synthesis")
    request.synthesis.dissents[0].finding_ids.append("B7")

    task = read_start(request).task

    prompt = compose_prompt(task, draw_delimiter=lambda: "7f3a9c21d0")
    assert "B7" not in prompt.user


def test_seat_without_a_verdict_may_discuss() -> None:
    """Where it gave none there is none to tell."""
    request = turn_request("discussion")
    request.discussion.verdict.Clear()
    request.discussion.verdict.verdict_reason = "I could not tell."

    task = read_start(request).task

    assert isinstance(task, DiscussionTask)
    assert task.verdict is not None
    assert (task.verdict.overall, task.verdict.verdict) == (None, "")


def _repeat_item(request: _Request) -> None:
    request.discussion.items.append(item_message())


def _unknown_in_statement(request: _Request) -> None:
    statement = request.discussion.items[0].statements[0].statement
    statement.finding_id = "Z9"


def _unknown_in_item(request: _Request) -> None:
    request.synthesis.items[0].findings.append(discussed_message("Z9"))


def _too_many_findings(request: _Request) -> None:
    request.repair.findings.extend(finding_message() for _ in range(30))


def _wrong_finding(request: _Request) -> None:
    request.cluster.pairs[0].second.severity = "huge"
    request.cluster.pairs[0].first.kind = "rant"


def _wrong_statement(request: _Request) -> None:
    statement = request.discussion.items[0].statements[0].statement
    statement.move, statement.stance, statement.severity = "shout", "loud", "huge"


def _wrong_mark(request: _Request) -> None:
    request.discussion.items[0].scores[0].score = 6
    request.discussion.verdict.overall = 0


def _no_speakers(request: _Request) -> None:
    item = request.discussion.items[0]
    item.findings[0].speaker = ""
    item.scores[0].speaker = ""
    item.statements[0].speaker = ""


def _cleared(kind: str, field: str) -> Callable[[_Request], None]:
    return lambda request: getattr(request, kind).ClearField(field)


@pytest.mark.parametrize(
    ("kind", "spoil", "fields"),
    [
        ("control", _cleared("control", "subject"), "control.subject.criteria"),
        ("sweep", _cleared("sweep", "seat"), "sweep.seat.panelist_id"),
        ("repair", _cleared("repair", "findings"), "repair.findings"),
        ("repair", _too_many_findings, "repair.findings"),
        ("cluster", _cleared("cluster", "pairs"), "cluster.pairs"),
        ("cluster", _wrong_finding, "cluster.pairs[0].second.severity"),
        ("cluster", _wrong_finding, "cluster.pairs[0].first.kind"),
        ("discussion", _cleared("discussion", "items"), "discussion.items"),
        ("discussion", _cleared("discussion", "round"), "discussion.round"),
        ("discussion", _repeat_item, "discussion.items"),
        (
            "discussion",
            _unknown_in_statement,
            "discussion.items[0].statements[0].statement.finding_id",
        ),
        (
            "discussion",
            _wrong_statement,
            "discussion.items[0].statements[0].statement.move",
        ),
        (
            "discussion",
            _wrong_statement,
            "discussion.items[0].statements[0].statement.stance",
        ),
        (
            "discussion",
            _wrong_statement,
            "discussion.items[0].statements[0].statement.severity",
        ),
        ("discussion", _wrong_mark, "discussion.items[0].scores[0].score"),
        ("discussion", _wrong_mark, "discussion.verdict.overall"),
        ("discussion", _no_speakers, "discussion.items[0].findings[0].speaker"),
        ("discussion", _no_speakers, "discussion.items[0].scores[0].speaker"),
        ("discussion", _no_speakers, "discussion.items[0].statements[0].speaker"),
        ("synthesis", _cleared("synthesis", "clusters"), "synthesis.clusters"),
        ("synthesis", _cleared("synthesis", "decision"), "synthesis.decision"),
        (
            "synthesis",
            _cleared("synthesis", "document_type"),
            "synthesis.document_type",
        ),
        ("synthesis", _unknown_in_item, "synthesis.items[0].findings"),
        ("answer", _cleared("answer", "question"), "answer.question"),
    ],
)
def test_wrong_field_is_named_by_its_path(
    kind: str, spoil: Callable[[_Request], None], fields: str
) -> None:
    """Empty lists, unknown ids and words that are no values are refused."""
    request = turn_request(kind)
    spoil(request)

    assert fields in _violations(request)


def test_violations_hold_no_word_of_the_document() -> None:
    """An error's detail may be logged; what was sent may not."""
    request = start_request(paragraphs=("secret\n\nplan", ""))
    request.review.seat.persona.method = "secret"
    request.review.subject.document.document_type = "Secret"

    violations = _violations(request)

    assert len(violations) == 4
    assert "secret" not in str(violations).lower()
