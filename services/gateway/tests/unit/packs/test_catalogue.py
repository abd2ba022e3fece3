"""The catalogue of the shipped packs."""

import dataclasses
import itertools
import json
import shutil
from pathlib import Path

import pytest

from roundtable_gateway.domain.persona import Method, Panel, Persona
from roundtable_gateway.packs.catalogue import Catalogue, load_catalogue
from roundtable_gateway.packs.digest import content_digest
from roundtable_gateway.packs.errors import UnknownEntryError

PACKS = Path(__file__).resolve().parents[5] / "personas"

SECURITY_BUYERS = (
    "ciso",
    "cio",
    "cto",
    "compliance_officer",
    "it_administrator",
    "it_auditor",
    "security_administrator",
    "security_director",
    "security_consultant",
)

PACK_PERSONAS = {
    "security_buyers": SECURITY_BUYERS,
    "plain_readers": (
        "plain_reader",
        "hurried_reader",
        "second_language_reader",
        "wary_customer",
    ),
    "product_engineering": (
        "product_manager",
        "staff_engineer",
        "site_reliability_engineer",
        "security_engineer",
        "qa_lead",
        "ux_researcher",
        "data_privacy_engineer",
    ),
    "investors": (
        "seed_investor",
        "growth_investor",
        "cfo_analyst",
        "sector_sceptic",
        "lp_advisor",
    ),
    "contract_review": (
        "commercial_counsel",
        "procurement_lead",
        "data_protection_officer",
        "finance_controller",
        "counterparty_negotiator",
    ),
}

RUBRICS = {
    "marketing_copy": "clarity evidence consistency audience_fit differentiation "
    "call_to_action",
    "proposal": "clarity evidence scope feasibility cost risk",
    "prd": "problem scope acceptance metrics consistency risk",
    "design_doc": "problem alternatives consistency security operability risk",
    "contract": "definitions obligations liability termination data_protection "
    "consistency",
    "other": "clarity evidence consistency completeness audience_fit risk",
}

# What each of these panels was made to read.
PANEL_DOCUMENT_TYPES = {
    "security_buyers": set(RUBRICS),
    "product_review": {"prd", "design_doc", "other"},
    "investor_review": {"proposal", "other"},
    "contract_review": {"contract"},
    "plain_readers": {"other"},
}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Return the shipped packs."""
    return load_catalogue(PACKS)


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """Return a copy of the shipped packs that a test may break."""
    return shutil.copytree(PACKS, tmp_path / "personas")


class TestShippedPacks:
    """What users get."""

    def test_personas_are_there_and_built_in(self, catalogue: Catalogue) -> None:
        """Thirty of them, each in the pack it names."""
        packs: dict[str, list[str]] = {}
        for persona in catalogue.personas():
            packs.setdefault(persona.pack, []).append(persona.id)

        assert {pack: tuple(ids) for pack, ids in packs.items()} == PACK_PERSONAS
        assert all(persona.built_in for persona in catalogue.personas())

    def test_panels_seat_them(self, catalogue: Catalogue) -> None:
        """Each pack sits together, and a short panel mixes two of them."""
        seats = {
            panel.id: tuple(seat.persona_id for seat in panel.seats)
            for panel in catalogue.panels()
        }

        assert seats == {
            "security_buyers": SECURITY_BUYERS,
            "first_look": ("ciso", "cio", "it_auditor", "plain_reader"),
            "product_review": PACK_PERSONAS["product_engineering"],
            "investor_review": PACK_PERSONAS["investors"],
            "contract_review": PACK_PERSONAS["contract_review"],
            "plain_readers": PACK_PERSONAS["plain_readers"],
        }

    def test_panels_discuss_once_beside_a_control(self, catalogue: Catalogue) -> None:
        """A round is enough unless the author asks for more."""
        assert {(p.discussion_rounds, p.control) for p in catalogue.panels()} == {
            (1, True)
        }

    @pytest.mark.parametrize("panel_id", PANEL_DOCUMENT_TYPES)
    def test_a_panel_answers_for_all_of_what_it_was_made_to_read(
        self, catalogue: Catalogue, panel_id: str
    ) -> None:
        """No criterion of those rubrics is left without an owner at the table."""
        seats = catalogue.panel(panel_id).seats
        owned = {key for s in seats for key in catalogue.persona(s.persona_id).owns}

        unowned = {
            (document_type, criterion.key)
            for document_type in PANEL_DOCUMENT_TYPES[panel_id]
            for criterion in catalogue.rubric(document_type).criteria
            if criterion.key not in owned
        }

        assert unowned == set()

    def test_contract_reviewers_say_that_they_give_no_legal_advice(
        self, catalogue: Catalogue
    ) -> None:
        """Who speaks of the law says so on the card, and the panel in its name."""
        cards = {p.id: f"{p.role} {p.summary}" for p in catalogue.personas()}

        assert "not legal advice" in catalogue.panel("contract_review").name
        for persona_id in (
            "commercial_counsel",
            "data_protection_officer",
            "counterparty_negotiator",
        ):
            assert "not legal advice" in cards[persona_id]

    def test_rubrics_hold_the_agreed_criteria(self, catalogue: Catalogue) -> None:
        """Each document type is scored on the criteria that runner and panel know."""
        keys = {
            document_type: " ".join(
                criterion.key for criterion in catalogue.rubric(document_type).criteria
            )
            for document_type in catalogue.document_types()
        }

        assert keys == RUBRICS

    def test_schema_lists_exactly_the_criteria_in_use(
        self, catalogue: Catalogue
    ) -> None:
        """The one list of keys neither lags behind the rubrics nor runs ahead."""
        schema = json.loads((PACKS / "schema" / "rubric.schema.json").read_text())

        assert set(schema["$defs"]["criterion_key"]["enum"]) == (
            catalogue.criterion_keys()
        )

    def test_every_criterion_has_an_owner(self, catalogue: Catalogue) -> None:
        """No criterion is left to chance when all personas sit."""
        owned = {key for persona in catalogue.personas() for key in persona.owns}

        assert owned == catalogue.criterion_keys()

    @pytest.mark.parametrize("document_type", RUBRICS)
    def test_every_persona_owns_part_of_every_rubric(
        self, catalogue: Catalogue, document_type: str
    ) -> None:
        """Nobody falls back to scoring everything, and nobody owns it all."""
        keys = {criterion.key for criterion in catalogue.rubric(document_type).criteria}

        owned = [len(keys.intersection(p.owns)) for p in catalogue.personas()]

        assert min(owned) >= 1
        assert max(owned) <= 3

    def test_each_owns_two_to_four_criteria(self, catalogue: Catalogue) -> None:
        """A seat that owned more would answer for nothing in particular."""
        assert {len(persona.owns) for persona in catalogue.personas()} <= {2, 3, 4}

    def test_no_two_at_a_table_work_alike(self, catalogue: Catalogue) -> None:
        """Any two share at most two criteria, or one if they share their method."""
        tables = [
            [catalogue.persona(seat.persona_id) for seat in panel.seats]
            for panel in catalogue.panels()
        ]

        alike = [
            (one.id, other.id)
            for table in tables
            for one, other in itertools.combinations(table, 2)
            if len(set(one.owns).intersection(other.owns))
            > (1 if one.method is other.method else 2)
        ]

        assert alike == []

    def test_no_two_personas_are_one(self, catalogue: Catalogue) -> None:
        """Across all packs nobody has another's criteria together with its method."""
        kinds = [(frozenset(p.owns), p.method) for p in catalogue.personas()]

        assert len(set(kinds)) == len(kinds)

    def test_no_question_is_asked_twice(self, catalogue: Catalogue) -> None:
        """The three questions differ between personas by more than a word or two."""
        questions = [
            set(question.lower().split())
            for persona in catalogue.personas()
            for question in persona.questions
        ]

        overlaps = [
            len(one & other) / len(one | other)
            for one, other in itertools.combinations(questions, 2)
        ]

        assert len(questions) == 3 * len(catalogue.personas())
        assert max(overlaps) < 0.4

    def test_every_method_is_used(self, catalogue: Catalogue) -> None:
        """The panel lists, attacks, works back from failure and reads cold."""
        seated = [
            catalogue.persona(seat.persona_id).method
            for seat in catalogue.panel("security_buyers").seats
        ]

        assert set(seated) == set(Method)

    def test_text_is_free_of_em_dashes(self) -> None:
        """The packs are written in plain sentences."""
        texts = {path.name: path.read_text("utf-8") for path in PACKS.rglob("*.yaml")}

        assert [name for name, text in texts.items() if "\u2014" in text] == []


class TestLookup:
    """Asking the catalogue."""

    def test_an_entry_is_found_by_its_name(self, catalogue: Catalogue) -> None:
        """Personas, panels and rubrics answer to their ids."""
        assert catalogue.persona("ciso").name == "CISO"
        assert catalogue.panel("first_look").name == "First look"
        assert catalogue.rubric("prd").document_type == "prd"

    def test_no_document_type_means_other(self, catalogue: Catalogue) -> None:
        """The general rubric serves documents whose type was not given."""
        assert catalogue.rubric() == catalogue.rubric("other")

    @pytest.mark.parametrize("kind", ["persona", "panel", "rubric"])
    def test_an_unknown_name_is_an_error(self, catalogue: Catalogue, kind: str) -> None:
        """A misspelt document type is not quietly scored as something else."""
        with pytest.raises(UnknownEntryError) as caught:
            getattr(catalogue, kind)("poem")

        assert (caught.value.kind, caught.value.name) == (kind, "poem")

    def test_the_catalogue_can_not_be_changed(self, catalogue: Catalogue) -> None:
        """What a run has pinned stays as it is."""
        with pytest.raises(TypeError):
            catalogue._personas["ciso"] = catalogue.persona("cio")  # type: ignore[index]  # the point of the test


class TestDigest:
    """Naming content."""

    def test_etags_are_distinct_and_are_the_digest(self, catalogue: Catalogue) -> None:
        """Each entry's etag is the hash of its content, in hex."""
        entries: tuple[Persona | Panel, ...] = (
            *catalogue.personas(),
            *catalogue.panels(),
        )

        assert [entry.etag for entry in entries] == [
            content_digest(entry) for entry in entries
        ]
        assert len({entry.etag for entry in entries}) == len(entries)
        assert all(len(bytes.fromhex(entry.etag)) == 32 for entry in entries)

    def test_spelling_of_the_file_does_not_matter(
        self, catalogue: Catalogue, packs: Path
    ) -> None:
        """A pack rewritten with other quotes, order and comments keeps its etags."""
        file = packs / "panels.yaml"
        plain = "id: first_look\n    name: First look"
        other = "name: 'First look' # short\n    id: \"first_look\""
        assert plain in file.read_text("utf-8")
        file.write_text(file.read_text("utf-8").replace(plain, other), "utf-8")

        rewritten = load_catalogue(packs).panel("first_look")

        assert rewritten.etag == catalogue.panel("first_look").etag

    def test_any_change_of_content_changes_the_digest(
        self, catalogue: Catalogue
    ) -> None:
        """A run's record of rubric and personas tells every edit."""
        persona, rubric = catalogue.persona("cto"), catalogue.rubric("prd")
        shorter = dataclasses.replace(rubric, criteria=rubric.criteria[1:])
        stricter = dataclasses.replace(persona, strictness=5)

        assert content_digest(shorter) != content_digest(rubric)
        assert content_digest(stricter) != persona.etag
