"""The sample documents hold the flaws that their README lists."""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from roundtable_gateway.packs.catalogue import Catalogue, load_catalogue

ROOT = Path(__file__).resolve().parents[5]
SAMPLES = ROOT / "samples"

TYPES = {
    "cloud-backup-launch.md": "marketing_copy",
    "visitor-sign-in-prd.md": "prd",
    "restore-test-proposal.md": "proposal",
}


class Flaw(NamedTuple):
    """One entry of the README's lists."""

    document: str
    criterion: str
    quotes: tuple[str, ...]
    absent: tuple[str, ...]


def _listed_flaws() -> tuple[Flaw, ...]:
    readme = (SAMPLES / "README.md").read_text("utf-8")
    _, *sections = re.split(r"^## ", readme, flags=re.MULTILINE)
    return tuple(
        Flaw(
            document=section.partition("\n")[0],
            criterion=entry[1],
            quotes=tuple(re.findall(r"^ +> (.+)$", entry[0], re.MULTILINE)),
            absent=tuple(
                term
                for line in re.findall(r"^ +Absent: (.+)$", entry[0], re.MULTILINE)
                for term in line.split(", ")
            ),
        )
        for section in sections
        for entry in re.finditer(
            r"^\d+\. `(\w+)`.*\n(?: +.*\n)+", section, re.MULTILINE
        )
    )


FLAWS = _listed_flaws()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Return the shipped packs."""
    return load_catalogue(ROOT / "personas")


def test_readme_lists_flaws_of_the_two_flawed_documents() -> None:
    """The list was read whole: 24 and 5 flaws, none in the clean proposal."""
    counts = {name: sum(flaw.document == name for flaw in FLAWS) for name in TYPES}

    assert list(counts.values()) == [24, 5, 0]


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda f: f"{f.document} {f.criterion}")
class TestListedFlaw:
    """Each entry of the list, against its document."""

    def test_quotes_stand_in_the_document_once(self, flaw: Flaw) -> None:
        """Each quote is found exactly once, so it names one paragraph."""
        text = _text(flaw.document)

        assert [text.count(quote) for quote in flaw.quotes] == [1] * len(flaw.quotes)

    def test_absent_terms_do_not_occur(self, flaw: Flaw) -> None:
        """Nothing the list calls absent stands in the document as whole words."""
        assert [term for term in flaw.absent if _occurs(term, flaw.document)] == []

    def test_it_can_be_found(self, flaw: Flaw, catalogue: Catalogue) -> None:
        """Its criterion is in the rubric, with quotes or terms the gate accepts."""
        rubric = catalogue.rubric(TYPES[flaw.document])
        expects = {criterion.key: criterion.expects for criterion in rubric.criteria}

        assert flaw.quotes or flaw.absent
        assert set(flaw.absent) <= set(expects[flaw.criterion])


def test_marketing_sample_asks_for_nothing(catalogue: Catalogue) -> None:
    """None of the terms by which a call to action is sought occurs in it."""
    terms = _expected_terms(catalogue, "marketing_copy")["call_to_action"]

    assert [term for term in terms if _occurs(term, "cloud-backup-launch.md")] == []


def test_clean_proposal_omits_nothing(catalogue: Catalogue) -> None:
    """Of each criterion's expected terms it holds at least one."""
    missing = [
        key
        for key, terms in _expected_terms(catalogue, "proposal").items()
        if not any(_occurs(term, "restore-test-proposal.md") for term in terms)
    ]

    assert missing == []


def test_clean_proposal_adds_up() -> None:
    """Its cost table can be recalculated from its own hours and rates."""
    first_parts = [16 * 45, 48 * 45, 12 * 90]
    later_parts = first_parts[1:]
    totals = [sum(first_parts) * 11 // 10, sum(later_parts) * 11 // 10]

    row = "| Total | {:,} euros | {:,} euros |".format(*totals)

    assert row in _text("restore-test-proposal.md")


def test_marketing_sample_has_the_promised_length() -> None:
    """It is long enough to be read in sections: 25 to 40 paragraphs."""
    paragraphs = re.split(r"\n{2,}", _text("cloud-backup-launch.md").strip())

    assert 25 <= sum(not p.startswith("#") for p in paragraphs) <= 40


def _expected_terms(
    catalogue: Catalogue, document_type: str
) -> dict[str, tuple[str, ...]]:
    criteria = catalogue.rubric(document_type).criteria
    return {c.key: c.expects for c in criteria if c.expects}


def _text(document: str) -> str:
    return (SAMPLES / document).read_text("utf-8")


def _occurs(term: str, document: str) -> bool:
    return bool(re.search(rf"\b{re.escape(term)}\b", _text(document), re.IGNORECASE))
