"""Says of pairs of findings whether one fix would resolve both."""

from typing import Any

from roundtable_rehearsal.language import Voice
from roundtable_rehearsal.material import Fields, GivenFinding, read_finding
from roundtable_rehearsal.reading import Turn
from roundtable_rehearsal.reply import Reply
from roundtable_rehearsal.sameness import make_same_point
from roundtable_rehearsal.voices import voice_of

_REASONS: dict[Voice, dict[bool, str]] = {
    "en": {
        True: "A rehearsal's rule: the same point on the same words.",
        False: "A rehearsal's rule: not the same point on the same words.",
    },
    "de": {
        True: "Regel der Probe: derselbe Punkt an denselben Wörtern.",
        False: "Regel der Probe: nicht derselbe Punkt an denselben Wörtern.",
    },
}


def write_clusters(turn: Turn) -> Reply:
    """Answer each pair: the same where one rule found both on the same words.

    Raises:
        TurnError: The material does not keep the contract.
    """
    pairs = {
        fields.number("number"): _read_pair(fields)
        for fields in turn.material.objects("pairs")
    }
    voice = voice_of(finding for pair in pairs.values() for finding in pair)
    answers = [_answer(number, pair, _REASONS[voice]) for number, pair in pairs.items()]
    return Reply(prose="", result={"answers": answers})


def _read_pair(fields: Fields) -> tuple[GivenFinding, GivenFinding]:
    return read_finding(fields.object("first")), read_finding(fields.object("second"))


def _answer(
    number: int, pair: tuple[GivenFinding, GivenFinding], reasons: dict[bool, str]
) -> dict[str, Any]:
    is_same = make_same_point(*pair)
    return {"number": number, "reason": reasons[is_same], "is_same": is_same}
