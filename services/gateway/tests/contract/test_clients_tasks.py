"""What a runner is asked, on the wire."""

from dataclasses import replace

import pytest

from roundtable.runner.v1 import turn_part_pb2, turn_service_pb2
from roundtable_gateway.clients.decision_words import decision_sentence
from roundtable_gateway.clients.task_converters import task_to_proto
from roundtable_gateway.conductor.tasks import (
    AnswerTask,
    DiscussionTask,
    RepairTask,
    SweepTask,
    Task,
)
from roundtable_gateway.domain.decision import DecisionReason, Outcome
from roundtable_gateway.domain.run import TurnKind
from services.gateway.tests.support.log_samples import ANSWERED_TURN, DECISION, FINDING
from services.gateway.tests.support.samples import DOCUMENT_TEXT
from services.gateway.tests.support.task_samples import SEAT, SUBJECT, TASKS


def _request(task: Task) -> turn_service_pb2.StartTurnRequest:
    return turn_service_pb2.StartTurnRequest(**task_to_proto(task))


def _of_kind(kind: TurnKind) -> turn_service_pb2.StartTurnRequest:
    return _request(next(task for task in TASKS if task.kind is kind))


def _quote_words(finding: turn_part_pb2.FindingDraft) -> list[str]:
    return [quote.text for quote in finding.quotes]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.kind.value)
def test_task_goes_out_under_its_kind(task: Task) -> None:
    """The wire's field has the kind's name, for each of all kinds."""
    assert _request(task).WhichOneof("task") == task.kind.value


def test_there_is_a_sample_of_every_kind() -> None:
    """No kind that the contract has goes without a check."""
    fields = turn_service_pb2.StartTurnRequest.DESCRIPTOR.oneofs_by_name["task"].fields

    assert {task.kind.value for task in TASKS} == {field.name for field in fields}


@pytest.mark.parametrize(
    "kind",
    [TurnKind.REVIEW, TurnKind.SWEEP, TurnKind.DISCUSSION, TurnKind.ANSWER],
)
def test_task_of_a_seat_names_reader_and_document(kind: TurnKind) -> None:
    """Who reads and what is read stand in every task of a seat."""
    task = getattr(_of_kind(kind), kind.value)

    assert (task.seat.panelist_id, task.seat.persona.name) == ("A", "Robin")
    assert task.subject.document.title == "Backup plan"
    assert [each.paragraph_id for each in task.subject.document.paragraphs] == [
        *("P1", "P2"),
    ]
    assert task.subject.brief.audience == "Buyers"


def test_sweep_shows_its_section_only() -> None:
    """Paragraphs outside of it are not sent."""
    section = replace(SUBJECT, paragraphs=DOCUMENT_TEXT.paragraphs[1:])

    sweep = _request(SweepTask(section, SEAT, "P2", "P2")).sweep

    assert (sweep.first_paragraph_id, sweep.last_paragraph_id) == ("P2", "P2")
    document = sweep.subject.document
    assert [each.text for each in document.paragraphs] == ["Ship it by Friday."]
    assert document.paragraph_count == 2


def test_whole_document_needs_no_count() -> None:
    """Readers of all of it are not told of a part."""
    assert _of_kind(TurnKind.REVIEW).review.subject.document.paragraph_count == 0


def test_control_reads_without_a_seat() -> None:
    """Its task has the document; its repair says that nobody sits there."""
    control = _of_kind(TurnKind.CONTROL).control
    repair = _request(RepairTask(SUBJECT, None, (FINDING,))).repair

    assert control.subject.document.title == "Backup plan"
    assert not repair.HasField("seat")
    assert _of_kind(TurnKind.REPAIR).repair.HasField("seat")


def test_quotes_go_out_in_the_documents_own_words() -> None:
    """What was not found goes out as it was given, so that it can be mended."""
    repair = _of_kind(TurnKind.REPAIR).repair

    (finding,) = repair.findings
    assert _quote_words(finding) == ["Our backups never fail.", "made up"]
    assert finding.quotes[0].paragraph_id == "P1"
    assert not finding.quotes[1].HasField("paragraph_id")
    assert (finding.kind, finding.severity, finding.fix_kind) == (
        *("risk", "major", "meaning"),
    )
    assert finding.rewrite == "Our backups were restored twice."


def test_finding_without_a_rewrite_has_none_on_the_wire() -> None:
    """An empty rewrite would be words that mend it by leaving them out."""
    finding = replace(FINDING, rewrite=None)

    repair = _request(RepairTask(SUBJECT, SEAT, (finding,))).repair

    assert not repair.findings[0].HasField("rewrite")


def test_pairs_keep_their_order() -> None:
    """Answers come back by number."""
    cluster = _of_kind(TurnKind.CLUSTER).cluster

    (pair,) = cluster.pairs
    assert pair.first.title == pair.second.title == "Absolute claim"


def test_discussion_tells_what_was_found_marked_and_said() -> None:
    """Each with its speaker; who gave no mark is left out."""
    discussion = _of_kind(TurnKind.DISCUSSION).discussion

    assert discussion.round == 2
    (item,) = discussion.items
    assert (item.item_id, item.question) == ("I1", "How grave is A1?")
    assert list(item.paragraph_ids) == ["P1"]
    assert [
        (each.finding_id, each.speaker, each.is_verified) for each in item.findings
    ] == [("A1", "you", True), ("B1", "Panelist B", False)]
    assert [(each.speaker, each.score) for each in item.scores] == [("you", 4)]
    (said,) = item.statements
    assert (said.speaker, said.round, said.is_evidenced) == ("Panelist B", 2, True)
    assert (said.statement.move, said.statement.stance) == ("challenge", "disagree")
    assert (said.statement.severity, said.statement.finding_id) == ("minor", "A1")
    assert said.statement.quotes[0].text == "Ship it by Friday."


def test_panelist_is_told_where_it_stood() -> None:
    """Overall mark and verdict with its reason; nothing where there was no word."""
    task = next(each for each in TASKS if isinstance(each, DiscussionTask))

    told = _request(replace(task, last_word=ANSWERED_TURN)).discussion.verdict
    silent = replace(ANSWERED_TURN, overall=None, verdict=None)

    assert (told.overall, told.verdict) == (4, "approve_with_changes")
    assert told.verdict_reason == "Nearly there."
    assert not _request(task).discussion.HasField("verdict")
    unmarked = _request(replace(task, last_word=silent)).discussion.verdict
    assert (unmarked.HasField("overall"), unmarked.verdict) == (False, "")


def test_moderator_hears_decision_clusters_and_dissent() -> None:
    """The decision as a sentence, dissents in their own words."""
    synthesis = _of_kind(TurnKind.SYNTHESIS).synthesis

    assert (synthesis.document_title, synthesis.document_type) == (
        *("Backup plan", "other"),
    )
    assert synthesis.decision == decision_sentence(DECISION)
    (cluster,) = synthesis.clusters
    assert (cluster.cluster_id, cluster.severity) == ("K1", "major")
    assert [each.speaker for each in cluster.findings] == ["Robin"]
    (dissent,) = synthesis.dissents
    assert (dissent.speaker, dissent.position) == ("Kim", "Not at all.")
    assert list(dissent.finding_ids) == ["B1"]
    assert list(synthesis.not_examined) == ["Costs"]
    assert synthesis.brief.audience == "Buyers"


def test_panelist_is_asked_with_its_own_review_in_hand() -> None:
    """What it said, how it decided and what it found, as its own."""
    answer = _of_kind(TurnKind.ANSWER).answer

    assert answer.question == "Would a test do?"
    assert answer.review_text == "I would ask for proof."
    assert answer.verdict == "approve_with_changes: Nearly there."
    assert [each.speaker for each in answer.findings] == ["you"]


def test_review_without_a_verdict_says_none() -> None:
    """A panelist whose review failed is asked all the same."""
    review = replace(ANSWERED_TURN, verdict=None, verdict_reason="")

    answer = _request(AnswerTask(SUBJECT, SEAT, review, (), "Why?")).answer

    assert answer.verdict == ""


@pytest.mark.parametrize("reason", DecisionReason)
@pytest.mark.parametrize("outcome", Outcome)
def test_every_decision_is_one_sentence(
    outcome: Outcome, reason: DecisionReason
) -> None:
    """It ends where it should and says what it rests on, where findings are it."""
    decision = replace(DECISION, outcome=outcome, reason=reason, blockers=("B7",))

    sentence = decision_sentence(decision)

    assert sentence.endswith(".")
    assert sentence.count(".") == 1
    assert ("(B7)" in sentence) is (reason is DecisionReason.BLOCKERS)
    assert ("(A1)" in sentence) is (reason is DecisionReason.MAJORS)
