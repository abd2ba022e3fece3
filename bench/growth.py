"""How the work on a document grows with its length: ``make bench``.

Text made to be slow (one mark repeated, the start of a pattern without its end) is read
at two lengths. The floor is a plain pass over the same text in the same run; a row
whose time grows much faster than the text is marked, and the exit code says so.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.panel.normalization import normalize
from roundtable_gateway.panel.quote_check import QuoteChecker
from roundtable_gateway.panel.sections import plan_reading
from roundtable_rehearsal.reading import read_turn
from roundtable_rehearsal.review import write_review

_SHORT = 20_000
_FACTOR = 8
_REPEATS = 5
# Linear work shows 8, quadratic 64; caches and the machine's noise lie between.
_TOO_MUCH = 3 * _FACTOR
_DELIMITER = "7f3a9c21d0"

_REHEARSAL_PIECES = (
    "a", "a ", ".", ". ", 'x."', "Ab. ", "TBD ", "1,", "1% ", "[insert ", "AB ",
    "(AB ", "XX.", "the ", "up to ", "The uptime is 99.9%. ", "many ", "$1 ",
    "Monday, 3 March 2026 to ", "must be not ", "2026-03-", "no never 100% secure ",
    " ", "\n- ",
)  # fmt: skip
_NORMALIZATION_PIECES = ("e\u0301\u0323", "[*", "[a](", "\n \n>")
_QUOTE_PIECES = ("the a ", "a", "[*", "1.1,", "é…")
_SECTION_PIECES = ("# a\nb\n", "a\n")

Work = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of text, repeated, and what reading it cost."""

    what: str
    piece: str
    short_seconds: float
    long_seconds: float

    @property
    def growth(self) -> float:
        """How often the short text's time the long text took."""
        return self.long_seconds / self.short_seconds


def _floor(text: str) -> object:
    return re.findall(r"\w+", text), text.casefold().split()


def _review(text: str) -> object:
    seat = {
        "kind": "review",
        "seat": "A",
        "criteria": ["security", "evidence", "clarity", "consistency", "audience_fit"],
        "paragraphs": ["P1", "P1"],
        "document_type": "other",
        "delimiter": _DELIMITER,
    }
    turn = read_turn(
        f"Document:\n----- BEGIN DOCUMENT {_DELIMITER} -----\n"
        f"[P1] The text of this is for us. x{text}x\n"
        f"----- END DOCUMENT {_DELIMITER} -----\n\nYOUR SEAT\n"
        f"SEAT {json.dumps(seat)}"
    )
    if turn is None:
        raise ValueError("the rehearsal did not recognise the turn")
    return write_review(turn)


def _check_quotes(text: str) -> object:
    checker = QuoteChecker(DocumentText(text, (Paragraph("P1", 0, len(text)),)))
    quotes = (text[:900] + "zz", text[7:600] + "…" + text[:9], "q" * 5_000, "…" * 999)
    return [checker.check(given, None) for given in quotes]


def _plan_reading(text: str) -> object:
    placed: list[Paragraph] = []
    start, heading = 0, None
    for line in text.split("\n"):
        number, end = len(placed) + 1, start + len(line)
        placed.append(Paragraph(f"P{number}", start, end, None, heading))
        heading = f"Part {number}" if line.startswith("# ") else heading
        start = end + 1
    return plan_reading(
        DocumentText(text, tuple(placed)),
        ["A", "B"],
        window_tokens=1_000_000,
        overhead_tokens=0,
    )


def _seconds(work: Work, text: str) -> float:
    times = []
    for _ in range(_REPEATS):
        start = time.process_time()
        work(text)
        times.append(time.process_time() - start)
    return min(times)


def _rows(what: str, work: Work, pieces: Iterable[str]) -> Iterable[Row]:
    for piece in pieces:
        short, long = (
            _seconds(work, piece * (length // len(piece)))
            for length in (_SHORT, _SHORT * _FACTOR)
        )
        yield Row(what, piece, short, long)


def _print(row: Row) -> None:
    mark = "  TOO MUCH" if row.growth > _TOO_MUCH else ""
    sys.stdout.write(
        f"{row.what:<14}{row.piece!r:<28}{row.short_seconds * 1000:>10.2f} ms"
        f"{row.long_seconds * 1000:>10.2f} ms{row.growth:>8.1f}{mark}\n"
    )


def main() -> int:
    """Print the table; 1 when a row grows much faster than its text."""
    measured = []
    for what, work, pieces in (
        ("floor", _floor, _REHEARSAL_PIECES),
        ("rehearsal", _review, _REHEARSAL_PIECES),
        ("normalization", normalize, _NORMALIZATION_PIECES),
        ("quote check", _check_quotes, _QUOTE_PIECES),
        ("sections", _plan_reading, _SECTION_PIECES),
    ):
        for row in _rows(what, work, pieces):
            _print(row)
            measured.append(row)
    return int(any(row.growth > _TOO_MUCH for row in measured))


if __name__ == "__main__":
    sys.exit(main())
