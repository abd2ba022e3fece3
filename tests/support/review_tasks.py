"""A review task as the runner's core knows it."""

from roundtable_runner.turn.task import (
    Brief,
    Criterion,
    Paragraph,
    Persona,
    ReviewTask,
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


def review_task() -> ReviewTask:
    """Return a task with every field given."""
    return ReviewTask(
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
        criteria=CRITERIA,
        owned_criteria=("evidence",),
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
