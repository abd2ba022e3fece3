"""A blind review, and the control's, which is asked for the same in the same words."""

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
    choice,
    describe_finding_values,
    describe_rubric,
    list_rules,
)
from roundtable_runner.turn.prompts.seat import (
    METHODS,
    describe_generalist,
    describe_seat,
)
from roundtable_runner.turn.schema import MAX_FINDINGS, VERDICTS
from roundtable_runner.turn.task import ControlTask, ReviewTask
from roundtable_runner.turn.task_subject import TaskSubject

_OPENING = """\
You are one member of a review panel. Each member reads the same document alone, in
the role that the last part of the message gives. Others see your words only
afterwards. The author will act on what you write, so what counts is whether each
point is true, rests on the document's own words, and can be acted on."""

_OMISSIONS = """\
An omission is something this document needs and lacks. It has no quotes; it lists
under searched_for the terms you looked for in vain. First check that none of them,
and no other wording of the same thing, occurs anywhere."""

_OWN_CRITERIA = """\
Stay with the criteria that your role owns. Give a score for each of them and for
no other, null where you cannot tell."""

_REFUTE = """\
Before you keep a finding, try to refute it from the rest of the document. If
another paragraph answers it, drop it."""

_EXAMPLE = """\
EXAMPLE, from another domain (a notice in a block of flats); learn the form, not the
content
Its paragraphs: [P1] The lift will be serviced on Tuesday. [P2] Residents who need
help should contact us in good time.
A finding on it:
{"kind":"omission","criterion":"completeness","paragraph_ids":["P2"],"quotes":[],
"searched_for":["phone","e-mail","caretaker"],
"impact":"A resident who cannot climb stairs does not know whom to call.",
"affected_reader":"A resident in a wheelchair on the fourth floor.",
"fix":"Name a person and a number.","rewrite":null,"fix_kind":"choice",
"severity":"major","confidence":90,"title":"Help is offered, but by nobody",
"would_change_mind_if":"The contact hangs beside the notice."}
What would be wrong: a finding that "good time" is vague, as long as nobody is worse
off for it; it is a matter of taste until the reader named in it has to act on it."""


def word_review(task: ReviewTask, closing: Closing) -> Wording:
    """Return a panelist's review."""
    way = METHODS[task.seat.persona.method]
    return Wording(
        system=_system(task.subject, closing),
        task=(
            f"{describe_seat(task.seat, way_of_working=way)}\n"
            f"Your task: review {_extent(task.subject)} in this role. Write your"
            f" reaction first, then {closing.step_after_prose}."
        ),
        seat_line=SeatLine.of(task.kind, seat=task.seat, subject=task.subject),
        subject=task.subject,
    )


def word_control(task: ControlTask, closing: Closing) -> Wording:
    """Return the control's review; the system prompt is the panel's own."""
    return Wording(
        system=_system(task.subject, closing),
        task=(
            f"{describe_generalist(task.subject)}\n"
            f"Your task: review {_extent(task.subject)} by all criteria. Write your"
            f" reaction first, in a plain voice, then {closing.step_after_prose}."
        ),
        seat_line=SeatLine.of(task.kind, seat=None, subject=task.subject),
        subject=task.subject,
    )


def _extent(subject: TaskSubject) -> str:
    if subject.is_part:
        return "the part of the document that is shown"
    return "the whole document"


def _system(subject: TaskSubject, closing: Closing) -> tuple[str, ...]:
    rules = list_rules(
        DOCUMENT_IS_DATA,
        NO_INVENTION,
        EXACT_QUOTES,
        _OMISSIONS,
        EMPTY_IS_CORRECT,
        _OWN_CRITERIA,
        SEVERITY,
        _REFUTE,
        SCOPE,
        BRIEF_IS_A_REQUEST,
    )
    rubric = describe_rubric(subject.criteria)
    form = _form(subject, closing)
    return _OPENING, rules, FALSE_POSITIVES, rubric, form, _EXAMPLE


def _form(subject: TaskSubject, closing: Closing) -> str:
    return f"""\
OUTPUT
Values that are allowed:
{describe_finding_values(subject.keys)}
verdict: {choice(VERDICTS)}
score and overall: 1 to 5 in whole numbers, or null. confidence: 0 to 100.

First write your reaction as plain prose: at most 150 words, in your role's own voice,
in the document's language, to the author, without headings, lists or paragraph
numbers. Say what you would do after reading this, and why.
{closing.after_prose("findings, scores and verdict")} Its
texts are in the document's language too. Every field is required; the order is
evidence first, judgement last. At most {MAX_FINDINGS} findings, the gravest first.
Each finding names one criterion and the paragraphs it speaks of. impact says what
follows for affected_reader, one concrete kind of person. fix is one instruction.
{REWRITE}
finding_numbers count your findings from 1. verdict_reason is one or two sentences.
abstain means that you could not judge the document at all."""
