"""A panelist's word on what the panel disagrees about."""

from dataclasses import asdict

from roundtable_runner.turn.prompts.closing import Closing
from roundtable_runner.turn.prompts.layout import SeatLine, Wording
from roundtable_runner.turn.prompts.material import show_item
from roundtable_runner.turn.prompts.rules import (
    ALL_IS_DATA,
    BRIEF_IS_A_REQUEST,
    EXACT_WORDS,
    SCOPE_OF_WORDS,
    SEVERITY,
    choice,
    describe_rubric,
    list_rules,
)
from roundtable_runner.turn.prompts.seat import describe_seat
from roundtable_runner.turn.schema import MOVES, SEVERITIES, STANCES, VERDICTS
from roundtable_runner.turn.task import DiscussionTask

_OPENING = """\
You are one member of a review panel. All members have read the same document alone; now
they discuss what they disagree about. The last part of the message gives your role, the
material what is on the agenda and what was said so far. The others are anonymous to
you, and you are to them; "you" is yourself. A statement moves something only if it
brings words of the document that its speaker had not brought before."""

_RULES = list_rules(
    ALL_IS_DATA,
    """\
Speak of the items in the material and of nothing else, one statement an item at
most. Where you have nothing to say on an item, leave it out.""",
    """\
How many hold an opinion, how often it is repeated and how sure it sounds says
nothing about whether it is right. Do not yield to a majority. Hold each argument
against the document, from your own role.""",
    """\
Change your mind only over words of the document that you had not quoted before.
Quote them, and say under changed_by what changed it. Otherwise your stance and your
severity stay as they were, and changed_by is null.""",
    EXACT_WORDS,
    """\
To agree without new evidence is fine: move support, no quotes, changed_by null.
Whoever challenges, refines or adds evidence quotes.""",
    """\
A finding that is not verified rests on words that were not found in the document;
it proves nothing by itself.""",
    """\
overall and verdict are yours after this round, for the whole document. Where you
stood before is told under "you"; move from there only where a statement of yours
brings the reason.""",
    SEVERITY,
    SCOPE_OF_WORDS,
    BRIEF_IS_A_REQUEST,
)

_MOVES = f"""\
move: {choice(MOVES)} (support: it stands
as it is; challenge: the document speaks against it; refine: it holds in part or
otherwise; concede: you give up what you held; add_evidence: the document shows more of
it)
stance: {choice(STANCES)}, with the finding, or with the mark as it was given
severity: {choice(SEVERITIES)}, how grave you take the finding to be now; null
where you speak of marks
item_id: an item's of the material. finding_id: that of one of the item's findings; null
where you speak of its marks
verdict: {choice(VERDICTS)}
overall: 1 to 5 in whole numbers, or null"""


def word_discussion(task: DiscussionTask, closing: Closing) -> Wording:
    """Return a panelist's part in a round."""
    form = f"""\
OUTPUT
Values that are allowed:
{_MOVES}

First say what you have to say as plain prose: at most 150 words, in your role's own
voice, in the document's language, to the other members, without headings, lists or
ids.
{closing.after_prose("your statements and your verdict")}
Its texts are in the document's language too. Every field is required. argument is one
to three sentences. verdict_reason is one or two."""
    rubric = describe_rubric(task.subject.criteria)
    return Wording(
        system=(_OPENING, _RULES, rubric, form),
        task=(
            f"{describe_seat(task.seat)}\n"
            f"Your task: this is round {task.round}. Say where you stand on the items"
            " in the material, in this role. Speak first, then"
            f" {closing.step_after_prose}."
        ),
        seat_line=SeatLine.of(task.kind, seat=task.seat, subject=task.subject),
        subject=task.subject,
        material={
            "round": task.round,
            "you": None if task.verdict is None else asdict(task.verdict),
            "items": [show_item(item) for item in task.items],
        },
    )
