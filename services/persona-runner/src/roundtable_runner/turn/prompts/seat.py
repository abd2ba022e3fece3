"""Who reads, in words."""

from collections.abc import Iterator

from roundtable_runner.turn.prompts.layout import list_given
from roundtable_runner.turn.task_subject import Persona, TaskSeat, TaskSubject

METHODS = {
    "enumerate": (
        "Go through the document paragraph by paragraph and hold each against your"
        " criteria; leave none out."
    ),
    "attack": (
        "Look for the claim that would fall first if someone with an interest in its"
        " fall pushed it, then for the next."
    ),
    "work_back_from_failure": (
        "Imagine that it has failed a year from now. Work back to the sentences that"
        " made the failure possible."
    ),
    "first_time_reader": (
        "Read it once from top to bottom as someone who knows nothing of it, and note"
        " where you stumble, doubt or would stop."
    ),
}
_STRICTNESS = {
    1: "lenient: only what truly matters",
    2: "rather lenient: the benefit of the doubt is the author's",
    3: "balanced",
    4: "strict: a claim has to earn its place",
    5: "very strict: what is not shown does not count",
}
_GENERALIST = (
    "You are a careful generalist: no persona, no trade, no interest of your own. You"
    " read as a good editor would who wants the document to reach its goal."
)


def describe_seat(seat: TaskSeat, *, way_of_working: str = "") -> str:
    """Return a panelist, and how it works where that matters to its task."""
    persona = seat.persona
    return "\n".join(
        [
            "YOUR SEAT",
            *_profile(persona),
            *list_given("How you work", way_of_working),
            f"How strict you are: {_STRICTNESS[persona.strictness]}",
            f"Criteria you own: {', '.join(seat.owned_criteria)}",
            *_questions(persona),
        ]
    )


def describe_generalist(subject: TaskSubject) -> str:
    """Return the control."""
    return "\n".join(
        [
            "YOUR SEAT",
            _GENERALIST,
            f"Criteria you own, all there are: {', '.join(subject.keys)}",
        ]
    )


def describe_reader(seat: TaskSeat | None, subject: TaskSubject) -> str:
    """Return who read: a panelist, or the control."""
    return describe_generalist(subject) if seat is None else describe_seat(seat)


def _profile(persona: Persona) -> Iterator[str]:
    yield f"You are {persona.name}, {persona.role}."
    yield from list_given("In short", persona.summary)
    yield from list_given("What shaped you", persona.background)
    yield from list_given("What you care for, first things first", *persona.priorities)
    yield from list_given("What puts you off", *persona.pet_peeves)
    yield from list_given("What you usually object", *persona.objections)
    yield from list_given("What would convince you", persona.convinced_by)
    yield from list_given("How you speak", persona.voice)
    yield from list_given(
        "Whom you listen to, and who listens to you", persona.influences
    )
    yield from list_given("What you may decide", persona.authority)


def _questions(persona: Persona) -> list[str]:
    if not persona.questions:
        return []
    lines = (f"- {question}" for question in persona.questions)
    return ["Questions you ask of every document:", *lines]
