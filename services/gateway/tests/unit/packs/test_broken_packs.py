"""What the loader says of packs that can't be used."""

import itertools
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from roundtable_gateway.packs.catalogue import load_catalogue
from roundtable_gateway.packs.errors import PackError
from roundtable_gateway.packs.schema_errors import _EXPLAINERS

PACKS = Path(__file__).resolve().parents[5] / "personas"

BUYERS, PANELS, PRD = "security_buyers.yaml", "panels.yaml", "rubrics/prd.yaml"

# file, words in it, words put there instead, place, problem, mend
BROKEN = [
    (
        BUYERS,
        "pack: security_buyers",
        "pack: buyers",
        "pack",
        "'buyers' is not the file's name",
        "write 'security_buyers'",
    ),
    (BUYERS, "pack: security_buyers", "", "pack", "is missing", "add it"),
    (
        BUYERS,
        "    name: CIO\n",
        "",
        "personas[1].name",
        "is missing",
        "add it: the name on the card",
    ),
    (
        BUYERS,
        "    name: CIO\n",
        "    name: ''\n",
        "personas[1].name",
        "is 0 characters long",
        "use at least 1",
    ),
    (
        BUYERS,
        "    name: CIO\n",
        f"    name: {'x' * 61}\n",
        "personas[1].name",
        "is 61 characters long",
        "use at most 60",
    ),
    (
        BUYERS,
        "    name: CIO\n",
        "    name: CIO\n    tone: dry\n",
        "personas[1].tone",
        "is not a key here",
        "use one of: id",
    ),
    (
        BUYERS,
        "id: cio",
        "id: CIO",
        "personas[1].id",
        "'CIO' has another form",
        "write a short name of small letters",
    ),
    (
        BUYERS,
        "id: cio",
        "id: plain_reader",
        "personas[1].id",
        "'plain_reader' is also in plain_readers.yaml",
        "give one of the two another id",
    ),
    (
        BUYERS,
        "id: cio",
        "id: ciso",
        "personas[1].id",
        "'ciso' is also in security_buyers.yaml",
        "another id",
    ),
    (
        BUYERS,
        "owns: [audience_fit, cost,",
        "owns: [audience_fit, costs,",
        "personas[1].owns[1]",
        "there is no criterion 'costs'",
        "did you mean 'cost'?",
    ),
    (
        BUYERS,
        "ignores: [definitions, security]",
        "ignores: [poetry]",
        "personas[1].ignores[0]",
        "there is no criterion 'poetry'",
        "use one of: clarity",
    ),
    (
        BUYERS,
        "ignores: [definitions, security]",
        "ignores: [cost]",
        "personas[1].ignores",
        "CIO both owns and ignores 'cost'",
        "remove it",
    ),
    (
        BUYERS,
        "ignores: [definitions, security]",
        "ignores: cost",
        "personas[1].ignores",
        "is not a list",
        "write a list",
    ),
    (
        BUYERS,
        "ignores: [definitions, security]",
        "ignores: [risk, risk]",
        "personas[1].ignores",
        "the same entry twice",
        "remove one",
    ),
    (
        BUYERS,
        "method: work_back_from_failure\n    strictness: 3\n\n  - id: cto",
        "method: atack\n    strictness: 3\n\n  - id: cto",
        "personas[1].method",
        "there is no method 'atack'",
        "did you mean 'attack'?",
    ),
    (
        BUYERS,
        "strictness: 5\n\n  - id: cio",
        "strictness: 6\n\n  - id: cio",
        "personas[0].strictness",
        "is 6",
        "write at most 5",
    ),
    (
        BUYERS,
        "strictness: 5\n\n  - id: cio",
        "strictness: 0\n\n  - id: cio",
        "personas[0].strictness",
        "is 0",
        "write at least 1",
    ),
    (
        BUYERS,
        "strictness: 5\n\n  - id: cio",
        "strictness: 4.0\n\n  - id: cio",
        "personas[0].strictness",
        "is not a whole number",
        "write a whole number",
    ),
    (
        "plain_readers.yaml",
        "      - What am I meant to do, believe or decide when I reach the end?\n",
        "",
        "personas[0].questions",
        "holds 2 entries",
        "list at least 3",
    ),
    (
        BUYERS,
        "personas:\n",
        "personas: []\nothers:\n",
        "others",
        "is not a key here",
        "use one of: pack, personas",
    ),
    (
        PANELS,
        "persona_id: cto",
        "persona_id: ctoo",
        "panels[0].seats[2].persona_id",
        "there is no persona 'ctoo'",
        "use one of: cfo_analyst, cio, ciso",
    ),
    (
        PANELS,
        "persona_id: cto",
        "persona_id: cio",
        "panels[0].seats[2]",
        "is the same as panels[0].seats[1]",
        "change or remove",
    ),
    (
        PANELS,
        "persona_id: cto",
        "persona_id: cto\n        model: 4",
        "panels[0].seats[2].model",
        "is not text or nothing",
        "write text or nothing",
    ),
    (
        PANELS,
        "id: first_look",
        "id: security_buyers",
        "panels[1].id",
        "is the same as panels[0].id",
        "change or remove",
    ),
    (
        PANELS,
        "discussion_rounds: 1",
        "discussion_rounds: 3",
        "panels[0].discussion_rounds",
        "is 3",
        "write at most 2",
    ),
    (
        PANELS,
        "control: true",
        "control: maybe",
        "panels[0].control",
        "is not true or false",
        "write true or false",
    ),
    (
        PANELS,
        "panels:",
        "panels: [",
        "line 3, column 3",
        "found '-'",
        "correct the YAML",
    ),
    (
        PRD,
        "document_type: prd",
        "document_type: other",
        "document_type",
        "'other' is not the file's name",
        "write 'prd'",
    ),
    (
        PRD,
        "key: metrics",
        "key: metric",
        "criteria[3].key",
        "there is no criterion 'metric'",
        "did you mean 'metrics'?",
    ),
    (
        PRD,
        "key: metrics",
        "key: scope",
        "criteria[3].key",
        "is the same as criteria[1].key",
        "change or remove",
    ),
    (
        PRD,
        "- score: 3",
        "- score: 2",
        "criteria[0].anchors[1].score",
        "2 stands here",
        "write 3",
    ),
    (
        PRD,
        "expects: [pain point",
        "expects: [Pain point",
        "criteria[0].expects[0]",
        "'Pain point' has another form",
        "write a word or short phrase in small letters",
    ),
]


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    """Return a copy of the shipped packs that a test may break."""
    return shutil.copytree(PACKS, tmp_path / "personas")


class TestBrokenPacks:
    """Every mistake is named with its file, its place and the mend."""

    @pytest.mark.parametrize(
        ("file", "old", "new", "path", "problem", "mend"),
        BROKEN,
        ids=[f"{row[3] or 'whole'}: {row[4]}" for row in BROKEN],
    )
    def test_a_mistake_is_named(
        self,
        packs: Path,
        *,
        file: str,
        old: str,
        new: str,
        path: str,
        problem: str,
        mend: str,
    ) -> None:
        """The author reads where it is, what is wrong and what to write."""
        _replace(packs / file, old, new)

        with pytest.raises(PackError) as caught:
            load_catalogue(packs)

        assert (caught.value.file, caught.value.path) == (file, path)
        assert problem in caught.value.problem
        assert mend in caught.value.mend
        assert all(part in str(caught.value) for part in (file, path, problem, mend))

    @pytest.mark.parametrize(
        "file",
        [PANELS, "rubrics/other.yaml", "schema/panels.schema.json"],
    )
    def test_a_missing_file_is_named(self, packs: Path, file: str) -> None:
        """A folder without one of the fixed files can't be used."""
        (packs / file).unlink()

        with pytest.raises(PackError) as caught:
            load_catalogue(packs)

        assert (caught.value.file, caught.value.path) == (file, "")

    @pytest.mark.parametrize("text", ["{", '{"type": "poem"}'])
    def test_a_broken_schema_is_named(self, packs: Path, text: str) -> None:
        """Neither broken JSON nor a wrong schema is taken for the schema."""
        (packs / "schema" / "panels.schema.json").write_text(text)

        with pytest.raises(PackError, match=r"schema/panels\.schema\.json"):
            load_catalogue(packs)

    def test_a_file_in_another_encoding_is_named(self, packs: Path) -> None:
        """Text that is not UTF-8 is not guessed at."""
        (packs / PRD).write_bytes("document_type: prd # \u00e9".encode("latin-1"))

        with pytest.raises(PackError, match=r"rubrics/prd\.yaml: is not UTF-8"):
            load_catalogue(packs)

    @pytest.mark.parametrize(("kept", "bound"), [(3, "least 4"), (7, "most 6")])
    def test_a_rubric_has_four_to_six_criteria(
        self, packs: Path, kept: int, bound: str
    ) -> None:
        """Fewer say too little, more can't be scored with care."""
        head, *criteria = (packs / PRD).read_text().split("  - key: ")
        repeated = itertools.islice(itertools.cycle(criteria), kept)
        (packs / PRD).write_text("  - key: ".join([head, *repeated]))

        with pytest.raises(PackError, match=bound) as caught:
            load_catalogue(packs)

        assert caught.value.path == "criteria"

    def test_every_keyword_of_the_schemas_has_its_words(self) -> None:
        """No schema error can reach an author unexplained."""
        schemas = [
            json.loads(path.read_text()) for path in (PACKS / "schema").iterdir()
        ]

        used = {keyword for schema in schemas for keyword in _keywords(schema)}

        assert used - _APPLICATORS == set(_EXPLAINERS)


_APPLICATORS = {"$schema", "$ref", "$defs", "title", "description"} | {
    "properties",
    "items",
    "prefixItems",
}


def _keywords(schema: dict[str, Any]) -> Iterator[str]:
    """Walk a schema and its subschemas."""
    yield from schema
    named = (*schema.get("properties", {}).values(), *schema.get("$defs", {}).values())
    for subschema in (*named, *schema.get("prefixItems", ()), schema.get("items")):
        if isinstance(subschema, dict):
            yield from _keywords(subschema)


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
