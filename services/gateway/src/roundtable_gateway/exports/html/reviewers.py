"""The scores as a plot of letters, and the reviewers in their own words."""

from collections.abc import Iterator, Sequence

from roundtable_gateway.exports import words
from roundtable_gateway.exports.html.markup import Html, element, foreign, fragment
from roundtable_gateway.exports.report import Report
from roundtable_gateway.exports.reported_seats import ReportedSeat, ScoreRow

_SCORES = (1, 2, 3, 4, 5)
_HUES = 12


class SeatMarks:
    """The seats' letters, each in the colour that the page gives it."""

    def __init__(self, report: Report) -> None:
        self._hues = {
            panelist.id: place % _HUES
            for place, panelist in enumerate(report.run.panelists)
        }

    def mark(self, panelist_id: str) -> Html:
        """Return a seat's letter."""
        hue = self._hues.get(panelist_id, 0)
        return element("span", panelist_id, class_=f"seat hue-{hue}")


def scores(rows: Sequence[ScoreRow], marks: SeatMarks, *, has_control: bool) -> Html:
    """Return each criterion's scores, a letter a reviewer, the control's apart."""
    control = (words.CONTROL,) if has_control else ()
    plotted = (*map(str, _SCORES), words.NO_SCORE.capitalize())
    heads = ("Criterion", *plotted, "Median", *control)
    return element(
        "table",
        element("thead", element("tr", *(_head(each, "col") for each in heads))),
        element(
            "tbody",
            *(_score_row(row, marks, has_control=has_control) for row in rows),
        ),
        class_="scores",
    )


def _head(name: str, scope: str) -> Html:
    return foreign("th", name, scope=scope)


def _score_row(row: ScoreRow, marks: SeatMarks, *, has_control: bool) -> Html:
    plotted = (
        element(
            "td",
            *(marks.mark(seat) for seat, given in row.scores if given == score),
            class_="median" if score is not None and score == row.median else None,
        )
        for score in (*_SCORES, None)
    )
    shown = "" if row.median is None else f"{row.median:g}"
    given = "" if row.control is None else str(row.control)
    return element(
        "tr",
        _head(row.criterion, "row"),
        *plotted,
        element("td", shown),
        element("td", given, class_="control") if has_control else None,
    )


def reviewers(seats: Sequence[ReportedSeat], marks: SeatMarks) -> Html:
    """Return the reviewers one below the other, those who did not finish too."""
    return fragment(
        element(
            "article",
            element(
                "h3",
                seat.panelist_id and marks.mark(seat.panelist_id),
                foreign("span", seat.role),
                seat.model and foreign("small", seat.model),
            ),
            *_words_of(seat),
            class_="reviewer" if seat.is_finished else "reviewer unfinished",
        )
        for seat in seats
    )


def _words_of(seat: ReportedSeat) -> Iterator[Html]:
    yield element(
        "p", element("b", seat.call), " ", seat.reason and foreign("span", seat.reason)
    )
    if seat.text:
        yield foreign("p", seat.text, class_="spoken")
    if seat.not_assessed:
        told = foreign("span", "; ".join(seat.not_assessed))
        yield element("p", element("b", "Did not assess:"), " ", told)
    if seat.scores:
        yield element(
            "ul",
            *(
                element(
                    "li",
                    foreign("span", f"{score.criterion}: {score.mark}."),
                    " ",
                    foreign("span", score.rationale),
                )
                for score in seat.scores
            ),
        )
