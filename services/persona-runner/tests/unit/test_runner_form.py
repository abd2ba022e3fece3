"""Reading a model's structured output, which is hostile until it fits."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_runner.turn.engine import TurnFailed
from roundtable_runner.turn.finding_reader import FindingReader
from roundtable_runner.turn.forms import find_form
from roundtable_runner.turn.parts import FailureReason, FindingDraft, ReviewResult
from roundtable_runner.turn.readers import clean_text
from roundtable_runner.turn.schema import MAX_FINDINGS
from support.review_tasks import review_task

_FORM = find_form(review_task())


def _finding(**changes: Any) -> dict[str, Any]:
    finding = {
        "kind": "risk",
        "criterion": "evidence",
        "paragraph_ids": ["P1"],
        "quotes": [{"text": "100% secure", "paragraph_id": "P1"}],
        "searched_for": [],
        "impact": "A buyer's auditor asks for proof.",
        "affected_reader": "A CISO.",
        "fix": "Name the audit.",
        "rewrite": None,
        "fix_kind": "meaning",
        "severity": "major",
        "confidence": 80,
        "title": "Absolute claim",
        "would_change_mind_if": "An audit said so.",
    }
    return {**finding, **changes}


def _review(**changes: Any) -> dict[str, Any]:
    review = {
        "findings": [_finding()],
        "scores": [
            {
                "criterion": "evidence",
                "rationale": "Claims alone.",
                "finding_numbers": [1],
                "score": 2,
            }
        ],
        "overall": 2,
        "verdict": "request_changes",
        "verdict_reason": "Not before proof is given.",
        "not_assessed": ["prices"],
    }
    return {**review, **changes}


def _read(output: object, *, text: str = "") -> ReviewResult:
    result = _FORM.read(output, text=text)
    assert isinstance(result, ReviewResult)
    return result


def _read_in_pieces(document: str, pieces: list[str]) -> list[FindingDraft]:
    assert "".join(pieces) == document
    findings: list[FindingDraft] = []
    reader = FindingReader(_FORM, findings.append)
    for piece in pieces:
        reader.feed(piece)
    return findings


def test_answer_that_fits_is_read_field_by_field() -> None:
    """Every field of a review finds its place."""
    result = _read(_review(), text="prose")

    assert result.text == "prose"
    assert (result.overall, result.verdict) == (2, "request_changes")
    assert result.verdict_reason == "Not before proof is given."
    assert result.not_assessed == ("prices",)
    (finding,) = result.findings
    assert (finding.title, finding.severity, finding.confidence) == (
        "Absolute claim",
        "major",
        80,
    )
    assert (finding.quotes[0].text, finding.quotes[0].paragraph_id) == (
        "100% secure",
        "P1",
    )
    (score,) = result.scores
    assert (score.criterion, score.score, score.finding_numbers) == (
        "evidence",
        2,
        (1,),
    )


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("", None),
        (" \n\t\u00a0", None),
        ("\x00", None),
        (None, None),
        (" audited in May ", " audited in May "),
    ],
)
def test_blank_rewrite_is_none(said: str | None, read: str | None) -> None:
    """Nothing would stand in place of the quoted words; other wording is untouched."""
    (finding,) = _read(_review(findings=[_finding(rewrite=said)])).findings

    assert finding.rewrite == read


def test_empty_list_is_a_correct_answer() -> None:
    """A review without findings and without a mark is one."""
    result = _read(_review(findings=[], scores=[], overall=None))

    assert result.findings == ()
    assert result.overall is None


@pytest.mark.parametrize(
    ("output", "place"),
    [
        (None, "its root"),
        ("text", "its root"),
        (_review(verdict="maybe"), "verdict"),
        (_review(overall=6), "overall"),
        (_review(overall=True), "overall"),
        (_review(findings=[_finding(severity="huge")]), "findings/0/severity"),
        (_review(findings=[_finding(criterion="beauty")]), "findings/0/criterion"),
        (_review(findings=[_finding(confidence=101)]), "findings/0/confidence"),
        (_review(findings=[_finding(title="x" * 4_001)]), "findings/0/title"),
        (_review(findings=[_finding()] * (MAX_FINDINGS + 1)), "findings"),
        (_review(findings=[_finding(secret="s")]), "findings/0"),
        ({"findings": []}, "its root"),
    ],
)
def test_answer_that_does_not_fit_is_refused_by_its_place(
    output: Any, place: str
) -> None:
    """The detail says where, and never what stood there."""
    with pytest.raises(TurnFailed) as raised:
        _FORM.read(output, text="")

    failure = raised.value.failure
    assert failure.reason is FailureReason.INVALID_OUTPUT
    assert f" at {place} (" in failure.detail
    assert "secret" not in failure.detail


_TEXTS = st.text(max_size=30)
_FINDINGS = st.builds(
    _finding,
    title=_TEXTS,
    impact=_TEXTS,
    rewrite=st.none() | _TEXTS,
    confidence=st.integers(0, 100),
    quotes=st.lists(
        st.fixed_dictionaries({"text": _TEXTS, "paragraph_id": st.none() | _TEXTS}),
        max_size=3,
    ),
)


@given(findings=st.lists(_FINDINGS, max_size=4), is_ascii=st.booleans(), data=st.data())
def test_any_cut_of_the_json_gives_the_same_findings(
    *, findings: list[dict[str, Any]], is_ascii: bool, data: st.DataObject
) -> None:
    """Pieces may end anywhere, in the middle of an escape too."""
    document = json.dumps(_review(findings=findings), ensure_ascii=is_ascii)
    cuts = data.draw(st.lists(st.integers(0, len(document)), max_size=20).map(sorted))
    bounds = [0, *cuts, len(document)]
    pieces = [document[a:b] for a, b in pairwise(bounds)]

    drafts = _read_in_pieces(document, pieces)

    assert tuple(drafts) == _read(json.loads(document)).findings


def test_finding_is_told_as_soon_as_it_closes() -> None:
    """The first finding does not wait for the second."""
    document = json.dumps(_review(findings=[_finding(), _finding(title="Second")]))
    end_of_first = document.index("}, {") + 1
    findings: list[FindingDraft] = []
    reader = FindingReader(_FORM, findings.append)

    reader.feed(document[: end_of_first - 1])
    before = len(findings)
    reader.feed(document[end_of_first - 1 : end_of_first])

    assert (before, len(findings)) == (0, 1)


def test_finding_that_does_not_fit_is_not_told() -> None:
    """Nothing is shown that the end would refuse."""
    document = json.dumps(_review(findings=[_finding(kind="praise"), _finding()]))

    drafts = _read_in_pieces(document, [document])

    assert [draft.kind for draft in drafts] == ["risk"]


@pytest.mark.parametrize("document", ["{]", '{"findings": [{"kind": "ri\x00sk"}]', "}"])
def test_broken_json_ends_the_drafts_and_nothing_else(document: str) -> None:
    """The reader goes quiet; what it made so far stands."""
    drafts = _read_in_pieces(document * 2, [document, document])

    assert drafts == []


def test_no_more_findings_are_told_than_allowed() -> None:
    """A flood of findings stops at the limit."""
    document = json.dumps(_review(findings=[_finding()] * (MAX_FINDINGS + 5)))

    drafts = _read_in_pieces(document, [document])

    assert len(drafts) == MAX_FINDINGS


@given(st.text(max_size=20))
def test_clean_text_can_be_stored_and_sent(text: str) -> None:
    """Neither half a character nor NUL gets through; other text is untouched."""
    cleaned = clean_text(text + "\ud83d\x00")

    assert cleaned.encode().decode() == cleaned
    assert "\x00" not in cleaned
    assert cleaned.startswith(text.replace("\x00", ""))
