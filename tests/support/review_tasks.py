"""A review task as the runner's core knows it."""

from dataclasses import replace

from roundtable_runner.turn.task import ReviewTask
from roundtable_runner.turn.task_subject import (
    Brief,
    Criterion,
    Paragraph,
    Persona,
    TaskSeat,
    TaskSubject,
)

CRITERIA = (
    Criterion(
        key="evidence",
        label="Evidence",
        question="Is each claim backed by something a reader can check?",
        anchors=((1, "Claims alone."), (3, "Some are backed."), (5, "All are.")),
        expects=("source", "study"),
    ),
    Criterion(
        key="clarity",
        label="Clarity",
        question="Does the named reader understand it at first reading?",
        anchors=((1, "No."), (3, "With effort."), (5, "At once.")),
        expects=(),
    ),
)


SUBJECT = TaskSubject(
    criteria=CRITERIA,
    document_type="marketing_copy",
    paragraphs=(
        Paragraph("P1", "Our vault is 100% secure.\nIt has never been opened."),
        Paragraph("P2", "Sign up today."),
    ),
    brief=Brief(
        audience="Security buyers of banks",
        goal="A booked call",
        scope="The landing page alone",
        instructions="Be frank.",
    ),
)
SEAT = TaskSeat(
    panelist_id="A",
    persona=Persona(
        name="Dana Okafor",
        role="CISO of a regional bank",
        summary="Buys nothing that she could not defend before the auditor.",
        background="Led the clean-up after a breach.",
        priorities=("risk", "proof"),
        pet_peeves=("absolutes",),
        objections=("Who is liable?", "Who has checked it?"),
        convinced_by="An audit report of this year.",
        voice="Dry, precise.",
        influences="Listens to internal audit; the board listens to her.",
        authority="May stop a purchase.",
        questions=("Who is liable?", "What happens when it fails?", "Says who?"),
        method="attack",
        strictness=4,
    ),
    owned_criteria=("evidence",),
)


def review_task(*paragraphs: Paragraph) -> ReviewTask:
    """Return a task with every field given; of two short paragraphs, if of none."""
    subject = replace(SUBJECT, paragraphs=paragraphs) if paragraphs else SUBJECT
    return ReviewTask(subject, SEAT)


def other_seat(panelist_id: str = "B") -> TaskSeat:
    """Return another reader of the same document."""
    persona = replace(SEAT.persona, name="Ed", role="Buyer", method="enumerate")
    return TaskSeat(panelist_id, persona, ("clarity",))
