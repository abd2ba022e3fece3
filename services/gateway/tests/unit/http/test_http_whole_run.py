"""A run, whole, as it is told."""

import tracemalloc
from dataclasses import replace

import pytest

from roundtable_gateway.domain.coverage import CoveredRange
from roundtable_gateway.domain.document import Paragraph
from roundtable_gateway.domain.run import RunSummary
from roundtable_gateway.http.schemas.whole_run import Run
from roundtable_gateway.panel.coverage import map_coverage
from services.gateway.tests.support.samples import run_summary


def _run(paragraph_count: int) -> RunSummary:
    run = run_summary()
    document = replace(run.document, paragraph_count=paragraph_count)
    return replace(run, document=document)


@pytest.mark.parametrize("count", [0, 1, 7])
def test_run_that_nobody_has_begun_is_read_by_nobody(count: int) -> None:
    """Its coverage is what going through all paragraphs gives."""
    run = Run.as_created(_run(count))

    paragraphs = [Paragraph(f"P{number}", 0, 0) for number in range(1, count + 1)]
    assert run.coverage == map_coverage(paragraphs, ())


def test_new_run_is_cheap_to_tell_however_long_its_document_is() -> None:
    """It is told on the event loop, where 50,000 paragraphs are too many to make."""
    created = _run(50_000)

    tracemalloc.start()
    run = Run.as_created(created)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert run.coverage == (CoveredRange("P1", "P50000", (), ()),)
    assert most < 100_000
