"""A panel that speaks as much as one does: answers of everyday length, or a quarrel.

What estimates of a run are calibrated against and held to. The texts are of the length
that the prompts ask for: a reaction of some hundred words, findings of a few sentences.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from support.anthropic_endpoint import ScriptedEndpoint
from support.messages_script import Script
from support.review_answer import finding_on, paragraphs_of, seat_of
from support.scripted_answer import answer_of

_SILENT = ("sweep", "repair", "cluster", "synthesis")
_QUARRELLER = "A"
_PROSE = (
    "I have read this twice, and I stopped both times at the same place. You promise"
    " more than you show: the boldest sentence has no source, and the one figure that I"
    " could check contradicts what is said further down. That is a pity, as the part on"
    " restoring is concrete and I would have believed it by itself. As it stands I"
    " would not pass it on to my own people; they would ask me who has measured this"
    " and I would have no answer. Name the test, say what was excluded, and tell me"
    " what happens when it goes wrong. Then I would take the next call. Until then it"
    " stays on the pile of things that sound good."
)
_POINTS: tuple[dict[str, str | None], ...] = (
    {
        "title": "The boldest claim stands without any proof",
        "impact": "A sceptical buyer takes the page for exaggeration and trusts the"
        " sound parts less as well.",
        "affected_reader": "A security officer who has to defend the purchase.",
        "fix": "Name who tested it, when, and under which conditions.",
        "rewrite": "In a test by an independent laboratory in May, no file was lost in"
        " 1,200 restores.",
        "would_change_mind_if": "A public report that the page already links to.",
    },
    {
        "title": "Two figures for the same thing do not agree",
        "impact": "Whoever notices it asks which is wrong and stops reading.",
        "affected_reader": "An auditor who compares the brochure with the contract.",
        "fix": "Decide which of the figures holds and use that one throughout.",
        "rewrite": None,
        "would_change_mind_if": "A note that the figures are of different products.",
    },
    {
        "title": "Nobody is named who answers when it fails",
        "impact": "In an emergency the customer looks for a number and finds a contact"
        " form, and hours are lost.",
        "affected_reader": "The administrator on duty at night.",
        "fix": "Say who can be reached around the clock, and how fast they answer.",
        "rewrite": "Our engineers answer within fifteen minutes, day and night, on the"
        " number in your contract.",
        "would_change_mind_if": "A support page that every customer is given.",
    },
    {
        "title": "The sentence hides who does what",
        "impact": "A reader cannot tell which step is theirs and which is the vendor's,"
        " so both may leave it undone.",
        "affected_reader": "An IT manager at a small firm without a specialist.",
        "fix": "Split it in three and give each part its subject.",
        "rewrite": "You choose what is kept. We check each copy. You are told when a"
        " check fails.",
        "would_change_mind_if": "Proof from a test with readers that they understood.",
    },
    {
        "title": "The price comes without what it covers",
        "impact": "The buyer expects everything to be included and feels cheated by the"
        " first invoice.",
        "affected_reader": "A finance lead who compares three offers.",
        "fix": "List what the price covers, and what costs extra.",
        "rewrite": None,
        "would_change_mind_if": "A price list one click away.",
    },
)
_REASON = "One wants a source for the claim, the other a name for the service."
_ARGUMENT = (
    "The passage gives a figure but neither a date nor a method, so a reader of my"
    " trade cannot rely on it; what is said further down is of another product and"
    " does not close the gap."
)
_ADVICE = (
    "Begin with the boldest claim: name its test and its limits, so that a sceptical"
    " reader has something to check and reads on."
)


def script_typical_panel(
    endpoint: ScriptedEndpoint, *, quarrels: bool = False, **pace: float
) -> None:
    """Have an endpoint answer every turn as a panel typically does.

    Args:
        endpoint: What answers.
        quarrels: Whether the first seat is far stricter than the others.
        pace: Fields of `Script` that tell how fast it answers.
    """
    answer = _quarrel if quarrels else _agree
    spoken = Script(prose=_PROSE, answer=answer, counts_tokens=True)
    spoken = replace(spoken, **pace)  # type: ignore[arg-type]  # fields by name
    for kind in ("review", "control", "discussion", *_SILENT):
        prose = None if kind in _SILENT else _PROSE
        script = replace(spoken, prose=prose)
        endpoint.script(script, marker=f'SEAT {{"kind":"{kind}"')


def _agree(request: Mapping[str, Any]) -> dict[str, Any]:
    criteria, answer = seat_of(request)["criteria"], answer_of(request)
    match seat_of(request)["kind"]:
        case "review" | "control":
            answer["findings"] = _findings(request, [*criteria, criteria[0]])
            for score in answer["scores"]:
                score["rationale"] = "Concrete in places, but its main claim is bare."
            answer["verdict_reason"] = "Sound at heart; two claims need proof first."
        case "sweep":
            answer["findings"] = _findings(request, [criteria[0], criteria[-1]])
        case "cluster":
            for entry in answer["answers"]:
                entry["reason"] = _REASON
        case "discussion":
            for statement in answer["statements"]:
                statement["argument"] = _ARGUMENT
        case "synthesis":
            for sentence in answer["sentences"]:
                sentence["text"] = _ADVICE
    return answer


def _quarrel(request: Mapping[str, Any]) -> dict[str, Any]:
    """As all do, but that one seat takes everything for a blocker and marks low."""
    answer, seat = _agree(request), seat_of(request)
    if (seat["kind"], seat["seat"]) == ("review", _QUARRELLER):
        for finding in answer["findings"]:
            finding["severity"] = "blocker"
        for score in answer["scores"]:
            score["score"] = 1
    return answer


def _findings(
    request: Mapping[str, Any], criteria: Sequence[str]
) -> list[dict[str, Any]]:
    """Return a finding on each criterion, each seat's beginning where it begins."""
    paragraphs = list(paragraphs_of(request).items())
    # Where seats look differs, but they do meet.
    offset = 2 * ord(seat_of(request)["seat"] or "Z")
    return [
        _finding(criterion, *paragraphs[(offset + 3 * number) % len(paragraphs)])
        for number, criterion in enumerate(criteria)
    ]


def _finding(criterion: str, paragraph_id: str, text: str) -> dict[str, Any]:
    point = _POINTS[len(text) % len(_POINTS)]
    return finding_on(criterion, paragraph_id, text) | point
