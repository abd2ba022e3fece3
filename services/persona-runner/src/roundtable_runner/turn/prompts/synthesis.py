"""The moderator's text for the author."""

from roundtable_runner.turn.prompts.closing import Closing
from roundtable_runner.turn.prompts.layout import SeatLine, Wording, list_brief
from roundtable_runner.turn.prompts.material import show_discussed, show_item
from roundtable_runner.turn.prompts.rules import (
    BRIEF_IS_A_REQUEST,
    MATERIAL_IS_DATA,
    list_rules,
)
from roundtable_runner.turn.task import SynthesisTask

_OPENING = """\
You moderate a review panel and have no vote. The panel has read a document alone, seat
by seat, and a program has computed its decision. You tell the author what to do with
it. You have not seen the document: what you know stands in the material."""

_RULES = list_rules(
    MATERIAL_IS_DATA,
    """\
Every sentence rests on findings of the material and lists their ids under
finding_ids, exactly as they are written there. A sentence that cites none is not
shown. The ids do not stand in its text.""",
    """\
At most eight sentences. The first says what to do first and why; then what follows,
the gravest first. Each says what to change and what is gained by it.""",
    """\
Under minority, say what those hold who do not agree with the decision or lost in the
discussion: in their own words as far as you can, at most four sentences, each with
the ids of the findings it rests on. Do not weigh it. Where nobody does, the list is
empty.""",
    """\
Say nothing that no finding says: no new findings, no praise, no summary of the
document, no figures of your own, no scores, no count of votes, no other decision
than the one given.""",
    """\
A finding that is not verified rests on words that were not found in the document.
Leave it out, or say that it is unproved.""",
    """\
Speak of members as the material calls them. What nobody examined is told elsewhere;
do not fill that gap.""",
    BRIEF_IS_A_REQUEST,
)


def word_synthesis(task: SynthesisTask, closing: Closing) -> Wording:
    """Return the moderator's task; it needs no document."""
    told = {each.finding_id for each in task.findings}
    form = f"""\
OUTPUT
{closing.alone()}
One entry a sentence, in plain words, in the language of the findings, to the author.
Every field is required."""
    return Wording(
        system=(_OPENING, _RULES, form),
        task=(
            f"{list_brief(task.document_type, task.brief)}\n\n"
            "YOUR SEAT\n"
            "You are the moderator: you give no opinion and take no side.\n"
            "Your task: write for the author what the material's findings ask of the"
            f" document, what to do first, and what a minority holds."
            f" {closing.step_alone}"
        ),
        seat_line=SeatLine.without_document(
            task.kind, document_type=task.document_type
        ),
        material={
            "document_title": task.document_title,
            "document_type": task.document_type,
            "decision": task.decision,
            "clusters": [
                {
                    "cluster_id": cluster.cluster_id,
                    "severity": cluster.severity,
                    "findings": [show_discussed(each) for each in cluster.findings],
                }
                for cluster in task.clusters
            ],
            "dissents": [
                {
                    "speaker": dissent.speaker,
                    "position": dissent.position,
                    "finding_ids": [
                        each for each in dissent.finding_ids if each in told
                    ],
                }
                for dissent in task.dissents
            ],
            "items": [show_item(item) for item in task.items],
            "not_examined": list(task.not_examined),
        },
    )
