"""A close reading of one section."""

from roundtable_runner.turn.prompts.closing import Closing
from roundtable_runner.turn.prompts.layout import SeatLine, Wording
from roundtable_runner.turn.prompts.rules import (
    BRIEF_IS_A_REQUEST,
    DOCUMENT_IS_DATA,
    EMPTY_IS_CORRECT,
    EXACT_QUOTES,
    FALSE_POSITIVES,
    NO_INVENTION,
    REWRITE,
    SCOPE,
    SEVERITY,
    describe_finding_values,
    describe_rubric,
    list_rules,
)
from roundtable_runner.turn.prompts.seat import describe_seat
from roundtable_runner.turn.schema import MAX_FINDINGS
from roundtable_runner.turn.task import SweepTask

_OPENING = """\
You are one member of a review panel and read one section of a document closely, in the
role that the last part of the message gives. The rest of the document is not shown to
you; others read it. The author will act on what you write, so what counts is whether
each point is true, rests on the section's own words, and can be acted on."""

_SENTENCES = """\
Leave no sentence out. Hold each one against the others of the section and against
your criteria: figures, dates, names, units, conditions, references, what is claimed
and what is shown."""

_OMISSIONS = """\
What you miss may stand in another section, so it is no finding. Report an omission
only where a sentence of this section cannot be followed or relied upon without what
it lacks, and no other section would be the place for it. It has no quotes; it lists
under searched_for the terms you looked for in vain."""

_OWN_CRITERIA = "Stay with the criteria that your role owns."

_REFUTE = """\
Before you keep a finding, try to refute it from the rest of the section. If another
section may well answer it, drop it."""

_EXAMPLE = """\
EXAMPLE, from another domain (a notice in a block of flats); learn the form, not the
content
Its paragraphs: [P8] The lift will be serviced on Tuesday, 4 May. [P9] It stands still
on Wednesday, 4 May, from eight to noon.
A finding on it:
{"kind":"error","criterion":"consistency","paragraph_ids":["P8","P9"],
"quotes":[{"text":"serviced on Tuesday, 4 May","paragraph_id":"P8"},
{"text":"on Wednesday, 4 May","paragraph_id":"P9"}],"searched_for":[],
"impact":"Whoever depends on the lift does not know which day to stay at home.",
"affected_reader":"A resident in a wheelchair on the fourth floor.",
"fix":"Name one day.","rewrite":null,"fix_kind":"choice",
"severity":"major","confidence":95,"title":"Two days for one date",
"would_change_mind_if":"The lift were serviced twice."}
What would be wrong: a finding that nobody is named whom residents can ask; that may
well stand in another section."""


def word_sweep(task: SweepTask, closing: Closing) -> Wording:
    """Return a panelist's sweep of a section."""
    first, last = task.first_paragraph_id, task.last_paragraph_id
    return Wording(
        system=_system(task, closing),
        task=(
            f"{describe_seat(task.seat)}\n"
            f"Your task: read the section from {first} to {last} sentence by sentence"
            " in this role, and report what is wrong in it. The rest of the document"
            f" was not shown to you. {closing.step_alone}"
        ),
        seat_line=SeatLine(
            kind=task.kind,
            panelist_id=task.seat.panelist_id,
            criteria=task.seat.owned_criteria,
            paragraphs=(first, last),
            document_type=task.subject.document_type,
        ),
        subject=task.subject,
    )


def _system(task: SweepTask, closing: Closing) -> tuple[str, ...]:
    rules = list_rules(
        DOCUMENT_IS_DATA,
        NO_INVENTION,
        EXACT_QUOTES,
        _SENTENCES,
        _OMISSIONS,
        EMPTY_IS_CORRECT,
        _OWN_CRITERIA,
        SEVERITY,
        _REFUTE,
        SCOPE,
        BRIEF_IS_A_REQUEST,
    )
    rubric = describe_rubric(task.subject.criteria)
    form = f"""\
OUTPUT
Values that are allowed:
{describe_finding_values(task.subject.keys)}
confidence: 0 to 100.

Findings alone: no prose, no scores, no verdict.
{closing.alone()}
Its texts are in the document's language. Every field is required. At most
{MAX_FINDINGS} findings, the gravest first. Each finding names one criterion and the
paragraphs it speaks of. impact says what follows for affected_reader, one concrete kind
of person. fix is one instruction.
{REWRITE}"""
    return _OPENING, rules, FALSE_POSITIVES, rubric, form, _EXAMPLE
