"""The answer keys and their documents hold together."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import chain
from pathlib import Path

import pytest
import yaml

from roundtable_eval.corpus import EvalDocument, Flaw, load_documents
from roundtable_eval.errors import MalformedKeyError

_ROOT = Path(__file__).parents[1]
_RUBRICS = _ROOT.parent / "personas" / "rubrics"
_DOCUMENTS = load_documents(_ROOT)
_SEVERITIES = {"blocker", "major", "minor", "note"}

each_document = pytest.mark.parametrize(
    "document", _DOCUMENTS.values(), ids=_DOCUMENTS.keys()
)


@each_document
def test_document_is_as_long_and_flawed_as_promised(document: EvalDocument) -> None:
    """A document has 400 to 900 words and five to eight flaws with ids of their own."""
    assert 400 <= len(document.flawed.split()) <= 900
    assert 400 <= len(document.clean.split()) <= 900
    assert 5 <= len(document.flaws) <= 8
    assert len({flaw.id for flaw in document.flaws}) == len(document.flaws)


@each_document
def test_quotes_stand_once_in_flawed_and_never_in_clean(document: EvalDocument) -> None:
    """A flaw's words are unambiguous, and the clean twin has mended them."""
    for flaw in _quoted(document):
        assert flaw.quote is not None
        assert document.flawed.count(flaw.quote) == 1
        assert flaw.quote not in document.clean
        assert flaw.quote in _paragraphs(document.flawed)[_number(flaw)]


@each_document
def test_counterparts_stand_once(document: EvalDocument) -> None:
    """What contradicts a flaw stands beside it, and is right."""
    for flaw in document.flaws:
        if flaw.counterpart is not None:
            assert document.flawed.count(flaw.counterpart) == 1
            assert flaw.counterpart in document.clean


@each_document
def test_absent_terms_are_in_clean_alone(document: EvalDocument) -> None:
    """What was taken out is named by words that only the clean twin has."""
    for flaw in document.flaws:
        for term in flaw.absent:
            assert not _mentions(document.flawed, term)
            assert _mentions(document.clean, term)


@each_document
def test_flaws_fall_under_the_rubric(document: EvalDocument) -> None:
    """A flaw's criterion is scored, and an omission can be verified by its terms."""
    rubric = yaml.safe_load((_RUBRICS / f"{document.document_type}.yaml").read_text())
    criteria = {entry["key"]: entry for entry in rubric["criteria"]}

    for flaw in document.flaws:
        assert flaw.severity in _SEVERITIES
        assert flaw.criterion in criteria
        if flaw.absent:
            assert set(flaw.absent) & set(criteria[flaw.criterion]["expects"])


@each_document
def test_twins_differ_by_the_flaws_alone(document: EvalDocument) -> None:
    """With the flaws' paragraphs taken out, no paragraph of the twins differs."""
    flawed, clean = _paragraphs(document.flawed), _paragraphs(document.clean)
    planted = {_number(flaw) for flaw in _quoted(document)}
    terms = tuple(chain.from_iterable(flaw.absent for flaw in document.flaws))

    for tag, low, high, clean_low, clean_high in SequenceMatcher(
        None, flawed, clean, autojunk=False
    ).get_opcodes():
        if tag in ("replace", "delete"):
            assert set(range(low, high)) <= planted
        if tag == "insert":
            added = "\n".join(clean[clean_low:clean_high])
            assert any(_mentions(added, term) for term in terms)


def test_two_documents_a_type() -> None:
    """Each document type is read twice."""
    types = [document.document_type for document in _DOCUMENTS.values()]

    assert sorted(types) == sorted(2 * [path.stem for path in _RUBRICS.glob("*.yaml")])


@pytest.mark.parametrize(
    "flaws",
    [
        "[{id: f1, sort: unheard_of, criterion: c, severity: major, why: w, quote: t}]",
        "[{id: f1, sort: leftover, criterion: c, severity: major, why: w}]",
        "[{id: f1, sort: leftover, criterion: c, severity: major, why: w, quote: no}]",
        "[]",
    ],
    ids=["unknown sort", "neither quote nor terms", "quote is not there", "no flaws"],
)
def test_key_that_does_not_fit_is_refused(tmp_path: Path, flaws: str) -> None:
    """A key that names what is not there never becomes a score."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "documents" / "d").mkdir(parents=True)
    for twin in ("flawed", "clean"):
        (tmp_path / "documents" / "d" / f"{twin}.md").write_text("One two three.\n")
    key = f"title: D\ndocument_type: other\nflaws: {flaws}\n"
    (tmp_path / "keys" / "d.yaml").write_text(key)

    with pytest.raises(MalformedKeyError, match=r"d\.yaml"):
        load_documents(tmp_path)


def _quoted(document: EvalDocument) -> Iterator[Flaw]:
    return (flaw for flaw in document.flaws if flaw.quote is not None)


def _paragraphs(text: str) -> list[str]:
    """Return the paragraphs as the gateway numbers them, none at 0."""
    return ["", *text.strip().split("\n\n")]


def _number(flaw: Flaw) -> int:
    assert flaw.paragraph is not None
    return int(flaw.paragraph.removeprefix("P"))


def _mentions(text: str, term: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text, re.IGNORECASE))
