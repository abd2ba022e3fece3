"""Reads a review turn's message: the seat line, and the document it delimits.

Only the message's last line is the seat line, and only the delimiter that it names
counts. The document comes first and its author does not know the delimiter, so
nothing in it can pass for either.
"""

import json
import re
from dataclasses import dataclass

from roundtable_rehearsal.document import Document, Paragraph

KNOWN_KINDS = ("review", "control")

_SEAT = "SEAT "
_DELIMITER = re.compile(r"[0-9A-Za-z]{8,64}")
_BLOCK = re.compile(r"\[P([1-9]\d{0,6})\] ?")


class TurnError(ValueError):
    """The message is not a turn that this engine can answer; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Who answers: the kind of turn and the criteria the seat answers for."""

    kind: str
    criteria: tuple[str, ...]
    document_type: str
    delimiter: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A seat, and the part of the document it was given to read."""

    seat: Seat
    document: Document


def read_turn(message: str) -> Turn | None:
    """Read a turn; None when the message has no seat line.

    Raises:
        TurnError: The seat line or the document does not keep the contract, or the
            kind of turn is one that rules cannot answer.
    """
    body, _, last_line = message.rstrip("\n").rpartition("\n")
    if not last_line.startswith(_SEAT):
        return None
    seat = _read_seat(last_line.removeprefix(_SEAT))
    paragraphs = _read_paragraphs(body, seat.delimiter)
    if paragraphs:
        paragraphs = _within(paragraphs, seat)
    return Turn(seat, Document(paragraphs, seat.document_type))


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
            "criteria": [str(), *_] as criteria,
            "paragraphs": [str(first), str(last)],
            "document_type": str(document_type),
            "delimiter": str(delimiter),
        } if _DELIMITER.fullmatch(delimiter) and all(
            isinstance(criterion, str) for criterion in criteria
        ):
            return Seat(
                kind=kind,
                criteria=tuple(dict.fromkeys(criteria)),
                document_type=document_type,
                delimiter=delimiter,
                first=first,
                last=last,
            )
    raise TurnError(
        "The SEAT line needs kind, criteria, paragraphs [first, last], document_type "
        "and delimiter."
    )


def _read_paragraphs(body: str, delimiter: str) -> tuple[Paragraph, ...]:
    begin = f"\n----- BEGIN DOCUMENT {delimiter} -----\n"
    end = f"\n----- END DOCUMENT {delimiter} -----\n"
    if body.count(begin) != 1 or body.count(end) != 1:
        raise TurnError("The document needs one BEGIN and one END line.")
    _, _, rest = body.partition(begin)
    # An empty document shares one line end between its two lines.
    text, found, _ = f"\n{rest}".partition(end)
    if not found:
        raise TurnError("The document's END line stands before its BEGIN line.")
    blocks = text.removeprefix("\n").split("\n\n") if text else []
    return tuple(
        _read_paragraph(block, number) for number, block in enumerate(blocks, 1)
    )


def _read_paragraph(block: str, number: int) -> Paragraph:
    match = _BLOCK.match(block)
    if match is None:
        raise TurnError(f"Block {number} of the document does not begin with its id.")
    return Paragraph(f"P{match[1]}", block[match.end() :])


def _within(paragraphs: tuple[Paragraph, ...], seat: Seat) -> tuple[Paragraph, ...]:
    ids = [paragraph.id for paragraph in paragraphs]
    if seat.first not in ids or seat.last not in ids:
        raise TurnError("The SEAT line names a paragraph that the document has not.")
    return paragraphs[ids.index(seat.first) : ids.index(seat.last) + 1]
