"""What people write, held against the rules of shipped packs."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable_gateway.domain.persona import Panel, Persona, Seat
from roundtable_gateway.http.schemas.panel import PanelBody
from roundtable_gateway.http.schemas.persona import PersonaBody, PersonaPack
from roundtable_gateway.packs.drafts import (
    copy_of,
    draft_pack,
    draft_panel,
    draft_persona,
)
from roundtable_gateway.packs.errors import DraftError
from roundtable_gateway.packs.export import to_json, to_yaml
from roundtable_gateway.packs.overlap import panel_warnings
from roundtable_gateway.packs.pack_text import read_json, read_yaml
from services.gateway.tests.support.http_harness import catalogue

_ROOT = Path(__file__).parents[5]
_SCHEMAS = catalogue().schemas
_CISO = catalogue().persona("ciso")

_LINES = st.text(
    st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60
)
_PROSE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"),
    min_size=1,
    max_size=80,
)
_POINTS = st.lists(_LINES, min_size=1, max_size=6, unique=True).map(tuple)
_PERSONAS = st.builds(
    replace,
    st.just(_CISO),
    name=_LINES,
    role=_LINES,
    background=_PROSE,
    voice=_PROSE,
    priorities=_POINTS,
    questions=st.lists(_LINES, min_size=3, max_size=3, unique=True).map(tuple),
    owns=st.sampled_from([(), ("risk",), ("cost", "security")]),
    ignores=st.sampled_from([(), ("clarity",)]),
    strictness=st.integers(1, 5),
)


def _written(persona: Persona) -> Persona:
    """Return a persona as whoever imports it gets it."""
    return replace(persona, id="", version=0, built_in=False, etag="")


@settings(max_examples=60, deadline=None)
@given(_PERSONAS)
def test_every_export_can_be_imported(persona: Persona) -> None:
    """Whatever a persona may hold comes back, by YAML and by JSON."""
    yaml_text = to_yaml([persona], pack="ours")
    json_text = to_json([persona], pack="ours")

    for content in (
        read_yaml(yaml_text, file="x"),
        read_json(json_text, file="x"),
    ):
        [again] = draft_pack(content, schemas=_SCHEMAS)
        assert again == _written(replace(persona, pack="ours"))


def test_every_shipped_persona_could_be_ones_own() -> None:
    """One set of rules for what ships and what people write."""
    for persona in catalogue().personas():
        text = to_yaml([persona], pack=persona.pack)
        [again] = draft_pack(read_yaml(text, file="x"), schemas=_SCHEMAS)
        assert again == _written(persona)


def test_example_of_the_documentation_can_be_imported() -> None:
    """Who copies it begins with a pack that works."""
    page = (_ROOT / "docs" / "personas.md").read_text()
    example = page.split("```yaml\n")[1].split("```")[0]

    [persona] = draft_pack(read_yaml(example, file="x"), schemas=_SCHEMAS)

    assert (persona.name, persona.pack) == ("Tender reader", "tenders")


def test_pack_of_no_name_is_ones_own() -> None:
    """Most people have one pack."""
    [entry] = json.loads(to_json([_CISO], pack="x"))["personas"]

    [persona] = draft_pack({"personas": [entry]}, schemas=_SCHEMAS)

    assert persona.pack == "mine"


@pytest.mark.parametrize("content", [None, [], "text", 1, {}, {"personas": {}}])
def test_what_is_no_pack_is_refused(content: object) -> None:
    """With a fault, whatever it is."""
    with pytest.raises(DraftError):
        draft_pack(content, schemas=_SCHEMAS)


def test_a_pack_of_faults_names_some_of_them() -> None:
    """As many as one mends at a time."""
    with pytest.raises(DraftError) as caught:
        draft_pack({"personas": [{}] * 100}, schemas=_SCHEMAS)

    assert len(caught.value.faults) == 50
    assert caught.value.faults[0].path == "personas[0].authority"


def test_long_lists_are_refused_in_no_time() -> None:
    """The time grows with the list, not with its square."""
    [entry] = json.loads(to_json([_CISO], pack="x"))["personas"]
    entry["priorities"] = [*map(str, range(40_000)), 1]
    begin = time.process_time()

    with pytest.raises(DraftError) as caught:
        draft_pack({"personas": [entry]}, schemas=_SCHEMAS)

    assert time.process_time() - begin < 5
    assert "priorities" in caught.value.faults[0].path


def test_values_are_cut_in_what_is_told() -> None:
    """A fault stays a sentence, however long the value."""
    [entry] = json.loads(to_json([_CISO], pack="x"))["personas"]
    entry |= {"method": "x" * 9_999, "y" * 9_999: 1, "strictness": 10**3_000}

    with pytest.raises(DraftError) as caught:
        draft_pack({"personas": [entry]}, schemas=_SCHEMAS)

    told = [f"{each.path}{each.problem}" for each in caught.value.faults]
    assert len(told) == 3
    assert max(map(len, told)) < 200


def test_copy_is_a_draft_of_the_same() -> None:
    """But for its name."""
    assert copy_of(_CISO) == _written(replace(_CISO, name="CISO (copy)"))


def _panel(*seats: Seat) -> Panel:
    return Panel("p", "P", seats, 1, control=True, built_in=False, etag="")


def test_persona_that_is_gone_is_told() -> None:
    """A release may drop one that a panel seats; the panel can still be read."""
    panel = _panel(Seat("ciso"), Seat("dropped"), Seat("dropped", "opus"))

    warnings = panel_warnings(panel, {"ciso": _CISO})

    assert [(each.code, each.seats) for each in warnings] == [
        ("PERSONA_GONE", (1,)),
        ("PERSONA_GONE", (2,)),
    ]
    assert "'dropped'" in warnings[0].detail


def test_shipped_panels_overlap_nowhere() -> None:
    """What we warn others of we don't do."""
    personas = {each.id: each for each in catalogue().personas()}

    found = {
        panel.id: panel_warnings(panel, personas) for panel in catalogue().panels()
    }

    assert not any(found.values()), found


def test_generalists_of_one_method_overlap() -> None:
    """Who owns nothing takes everything."""
    one = replace(_CISO, id="one", owns=())
    two = replace(_CISO, id="two", owns=())

    [warning] = panel_warnings(
        _panel(Seat("one", "opus"), Seat("two", "haiku")), {"one": one, "two": two}
    )

    assert "both own every criterion" in warning.detail


def _properties(schema: dict[str, Any]) -> tuple[set[str], set[str]]:
    return set(schema["properties"]), set(schema["required"])


def test_contract_describes_the_bodies_that_the_schemas_take() -> None:
    """Fields and which of them may be left out, as the packs' own schemas say."""
    folder = _ROOT / "personas" / "schema"
    persona = json.loads((folder / "personas.schema.json").read_text())
    panels = json.loads((folder / "panels.schema.json").read_text())

    fields, required = _properties(persona["$defs"]["persona"])
    own = {"id", "version"}
    assert _properties(PersonaBody.model_json_schema()) == (
        fields - own | {"pack"},
        required - own,
    )
    entry = PersonaPack.model_json_schema()["properties"]["personas"]["items"]
    assert _properties(entry) == (fields | {"pack"}, required - own)
    fields, required = _properties(panels["$defs"]["panel"])
    body = PanelBody.model_json_schema()
    assert _properties(body) == (fields - {"id"}, {"name", "seats"})
    seat = body["properties"]["seats"]["items"]
    assert _properties(seat) == _properties(panels["$defs"]["seat"])


def test_drafts_of_one_entry_name_their_fields_alone() -> None:
    """Who sent one persona or panel knows no list around it."""
    with pytest.raises(DraftError) as persona:
        draft_persona({"pack": "Ours"}, schemas=_SCHEMAS)
    with pytest.raises(DraftError) as panel:
        draft_panel({"seats": [{}]}, schemas=_SCHEMAS)

    paths = [each.path for each in persona.value.faults]
    assert "pack" in paths
    assert "questions" in paths
    assert [each.path for each in panel.value.faults] == [
        *("name", "seats[0].persona_id")
    ]
