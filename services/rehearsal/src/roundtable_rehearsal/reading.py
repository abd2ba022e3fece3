"""Reads a turn's message: the seat line, and the document and material it delimits.

Only the message's last line is the seat line, and only the delimiter that it names
counts. The document comes first and its author does not know the delimiter, so
nothing in it can pass for any of them; the material is one JSON object, whose strings
hold no line end.
"""

import json
import re
from dataclasses import dataclass

from roundtable_rehearsal.document import Document, Paragraph
from roundtable_rehearsal.errors import TurnError
from roundtable_rehearsal.material import Fields

_JUDGING = frozenset({"review", "control", "sweep", "discussion"})
_WITH_DOCUMENT = _JUDGING | {"repair", "answer"}
_WITH_MATERIAL = frozenset({"repair", "cluster", "discussion", "synthesis", "answer"})
KNOWN_KINDS = _WITH_DOCUMENT | _WITH_MATERIAL

_FIRST_PARAGRAPH = "P1"
_SEAT = "SEAT "
_DELIMITER = re.compile(r"[0-9A-Za-z]{8,64}")
_BLOCK = re.compile(r"\[P([1-9]\d{0,6})\] ?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Who answers: the kind of turn and the criteria the seat answers for."""

    kind: str
    criteria: tuple[str, ...]
    document_type: str
    delimiter: str
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A seat, the paragraphs it was given to read, and what it was given beside them.

    Attributes:
        document: Without paragraphs where the kind of turn has no document.
        material: Without fields where the kind of turn has no material.
        is_part: Whether the document is known to be longer than what is shown.
    """

    seat: Seat
    document: Document
    material: Fields
    is_part: bool


def read_turn(message: str) -> Turn | None:
    """Read a turn; None when the message has no seat line.

    Raises:
        TurnError: The seat line, the document or the material does not keep the
            contract, or the kind of turn is one that rules cannot answer.
    """
    body, _, last_line = message.rstrip("\n").rpartition("\n")
    if not last_line.startswith(_SEAT):
        return None
    seat = _read_seat(last_line.removeprefix(_SEAT))
    paragraphs = shown = _read_paragraphs(body, seat)
    if paragraphs:
        shown = _within(paragraphs, seat)
    return Turn(
        seat=seat,
        document=Document(shown, seat.document_type),
        material=_read_material(body, seat),
        is_part=seat.kind == "sweep"
        or seat.first not in {"", _FIRST_PARAGRAPH}
        or len(shown) < len(paragraphs),
    )


def _read_seat(line: str) -> Seat:
    try:
        seat = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise TurnError("The SEAT line is not valid JSON.") from error
    match seat:
        case {"kind": str(kind)} if kind not in KNOWN_KINDS:
            raise TurnError(f"A rehearsal cannot answer a turn of kind {kind[:40]!r}.")
        case {
            "kind": str(kind),
            "criteria": list(criteria),
            "paragraphs": [str(first), str(last)],
            "document_type": str(document_type),
            "delimiter": str(delimiter),
        } if kind in _WITH_DOCUMENT and _are_sound(kind, criteria, delimiter):
            return Seat(
                kind=kind,
                criteria=tuple(dict.fromkeys(criteria)),
                document_type=document_type,
                delimiter=delimiter,
                first=first,
                last=last,
            )
        case {
            "kind": str(kind),
            "criteria": list(criteria),
            "paragraphs": None,
            "delimiter": str(delimiter),
        } if kind not in _WITH_DOCUMENT and _are_sound(kind, criteria, delimiter):
            return Seat(
                kind=kind, criteria=(), document_type="other", delimiter=delimiter
            )
    raise TurnError(
        "The SEAT line needs kind, criteria, paragraphs [first, last] where there is a "
        "document, document_type and delimiter."
    )


def _are_sound(kind: str, criteria: list[object], delimiter: str) -> bool:
    return (
        _DELIMITER.fullmatch(delimiter) is not None
        and all(isinstance(criterion, str) for criterion in criteria)
        and (bool(criteria) or kind not in _JUDGING)
    )


def _read_paragraphs(body: str, seat: Seat) -> tuple[Paragraph, ...]:
    if seat.kind not in _WITH_DOCUMENT:
        return ()
    text = _enclosed(body, "DOCUMENT", delimiter=seat.delimiter)
    blocks = text.split("\n\n") if text else []
    return tuple(
        _read_paragraph(block, number) for number, block in enumerate(blocks, 1)
    )


def _read_paragraph(block: str, number: int) -> Paragraph:
    match = _BLOCK.match(block)
    if match is None:
        raise TurnError(f"Block {number} of the document does not begin with its id.")
    return Paragraph(f"P{match[1]}", block[match.end() :])


def _read_material(body: str, seat: Seat) -> Fields:
    if seat.kind not in _WITH_MATERIAL:
        return Fields({})
    text = _enclosed(body, "MATERIAL", delimiter=seat.delimiter)
    try:
        return Fields(json.loads(text))
    except TurnError:
        raise
    except (ValueError, RecursionError) as error:
        raise TurnError("The material is not valid JSON.") from error


def _enclosed(body: str, name: str, *, delimiter: str) -> str:
    """Give what stands between the one BEGIN and the one END line of that name."""
    body = f"\n{body}\n"
    begin = f"\n----- BEGIN {name} {delimiter} -----\n"
    end = f"\n----- END {name} {delimiter} -----\n"
    if body.count(begin) != 1 or body.count(end) != 1:
        raise TurnError(f"The {name.lower()} needs one BEGIN and one END line.")
    _, _, rest = body.partition(begin)
    # What is empty shares one line end between its two lines.
    text, found, _ = f"\n{rest}".partition(end)
    if not found:
        raise TurnError(f"The {name.lower()}'s END line stands before its BEGIN line.")
    return text.removeprefix("\n")


def _within(paragraphs: tuple[Paragraph, ...], seat: Seat) -> tuple[Paragraph, ...]:
    ids = [paragraph.id for paragraph in paragraphs]
    if seat.first not in ids or seat.last not in ids:
        raise TurnError("The SEAT line names a paragraph that the document has not.")
    return paragraphs[ids.index(seat.first) : ids.index(seat.last) + 1]
