"""Builders of documents, findings and rubrics for the tests of the panel room."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.domain.finding import Finding, FindingKind, FixKind, Severity
from roundtable_gateway.domain.persona import Criterion
from roundtable_gateway.panel.quote_check import QuoteChecker


def _document(*paragraphs: str) -> DocumentText:
    placed, start = [], 0
    for number, text in enumerate(paragraphs, start=1):
        placed.append(Paragraph(f"P{number}", start, start + len(text)))
        start += len(text) + len("\n\n")
    return DocumentText("\n\n".join(paragraphs), tuple(placed))


def _checker(*paragraphs: str, prompts: tuple[str, ...] = ()) -> QuoteChecker:
    return QuoteChecker(_document(*paragraphs), prompts)


def _finding(finding_id: str, panelist_id: str, **changes: object) -> Finding:
    plain = Finding(
        id=finding_id,
        turn_id="T1",
        panelist_id=panelist_id,
        kind=FindingKind.ERROR,
        title="A claim without proof",
        severity=Severity.MAJOR,
        criterion="evidence",
        paragraph_ids=("P1",),
        quotes=(),
        searched_for=(),
        impact="",
        affected_reader="",
        fix="",
        rewrite=None,
        fix_kind=FixKind.MEANING,
        confidence=75,
        would_change_mind_if="",
        verified=True,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # any field may change


@pytest.fixture(scope="session")
def make_document() -> Callable[..., DocumentText]:
    """Give a builder of documents from the texts of their paragraphs."""
    return _document


@pytest.fixture(scope="session")
def make_checker() -> Callable[..., QuoteChecker]:
    """Give a builder of quote checkers from the texts of a document's paragraphs."""
    return _checker


@pytest.fixture(scope="session")
def make_finding() -> Callable[..., Finding]:
    """Give a builder of verified major findings, any field of which can be changed."""
    return _finding


@pytest.fixture(scope="session")
def rollback_criterion() -> Criterion:
    """Give a criterion that expects a rollback and an owner."""
    return Criterion(
        key="operability",
        label="Operability",
        question="Can it be undone?",
        anchors=(),
        expects=("rollback", "Owner", "plan B"),
    )
