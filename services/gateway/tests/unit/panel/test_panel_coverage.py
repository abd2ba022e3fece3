"""The coverage map."""

from dataclasses import replace

import pytest

from roundtable_gateway.domain.coverage import CoveredRange
from roundtable_gateway.domain.run import Turn, TurnKind, TurnState
from roundtable_gateway.panel.coverage import map_coverage
from services.gateway.tests.support.panel_samples import document, review

PARAGRAPHS = document("One.", "Two.", "Three.", "Four.", "Five.").paragraphs


def read(panelist_id: str | None, first: str | None, last: str | None) -> Turn:
    """Return a review of a run of paragraphs."""
    turn = review(panelist_id)
    return replace(turn, first_paragraph_id=first, last_paragraph_id=last)


def swept(panelist_id: str, first: str, last: str) -> Turn:
    """Return a sweep of a section."""
    return replace(read(panelist_id, first, last), kind=TurnKind.SWEEP)


def test_neighbours_that_the_same_seats_read_are_one_range() -> None:
    """Shares may overlap, sections do not; the ranges tile the document."""
    turns = [
        read("B", "P3", "P5"),
        read("A", "P1", "P3"),
        swept("A", "P1", "P4"),
        swept("B", "P5", "P5"),
    ]

    assert map_coverage(PARAGRAPHS, turns) == (
        CoveredRange("P1", "P2", ("A",), ("A",)),
        CoveredRange("P3", "P3", ("A", "B"), ("A",)),
        CoveredRange("P4", "P4", ("B",), ("A",)),
        CoveredRange("P5", "P5", ("B",), ("B",)),
    )


@pytest.mark.parametrize(
    "turn",
    [
        pytest.param(read(None, "P1", "P5"), id="the control"),
        pytest.param(read("A", None, None), id="shown nothing"),
        pytest.param(read("A", "P1", "P9"), id="not of this document"),
        pytest.param(
            replace(read("A", "P1", "P5"), state=TurnState.FAILED), id="failed"
        ),
        pytest.param(
            replace(read("A", "P1", "P5"), state=TurnState.RUNNING), id="running"
        ),
        pytest.param(
            replace(read("A", "P1", "P5"), kind=TurnKind.ANSWER), id="an answer"
        ),
    ],
)
def test_what_nobody_read_shows(turn: Turn) -> None:
    """Only reviews and sweeps of seats that succeeded have read."""
    assert map_coverage(PARAGRAPHS, [turn]) == (CoveredRange("P1", "P5", (), ()),)


def test_a_document_without_paragraphs_has_no_ranges() -> None:
    """There is nothing to read in it."""
    assert map_coverage((), [read("A", "P1", "P1")]) == ()
