"""The built-in personas, panels and rubrics, loaded once at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from roundtable_gateway.domain.persona import Panel, Persona, Rubric
from roundtable_gateway.packs.errors import PackError, UnknownEntryError
from roundtable_gateway.packs.parsing import (
    check_unique,
    parse_panels,
    parse_personas,
    parse_rubric,
)
from roundtable_gateway.packs.schemas import Schemas, load_schemas

_Entry = TypeVar("_Entry", Persona, Panel, Rubric)

DEFAULT_DOCUMENT_TYPE = "other"

_PANELS = "panels.yaml"
_RUBRICS = "rubrics"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything the packs hold; ids are unique and every reference resolves.

    Attributes:
        schemas: The rules of packs, also for what people write.
    """

    schemas: Schemas
    _personas: Mapping[str, Persona]
    _panels: Mapping[str, Panel]
    _rubrics: Mapping[str, Rubric]

    def personas(self) -> tuple[Persona, ...]:
        """Return all personas, pack by pack in the order of their files."""
        return tuple(self._personas.values())

    def persona(self, persona_id: str) -> Persona:
        """Return one persona, or raise UnknownEntryError."""
        return _get(self._personas, persona_id, kind="persona")

    def panels(self) -> tuple[Panel, ...]:
        """Return all panels in the order of their file."""
        return tuple(self._panels.values())

    def panel(self, panel_id: str) -> Panel:
        """Return one panel, or raise UnknownEntryError."""
        return _get(self._panels, panel_id, kind="panel")

    def document_types(self) -> tuple[str, ...]:
        """Return the document types that have a rubric, in alphabetical order."""
        return tuple(self._rubrics)

    def rubric(self, document_type: str = DEFAULT_DOCUMENT_TYPE) -> Rubric:
        """Return the rubric of a document type, or raise UnknownEntryError."""
        return _get(self._rubrics, document_type, kind="rubric")

    def criterion_keys(self) -> frozenset[str]:
        """Return the keys of all criteria of all rubrics."""
        return frozenset(
            criterion.key
            for rubric in self._rubrics.values()
            for criterion in rubric.criteria
        )


def load_catalogue(folder: Path) -> Catalogue:
    """Load the packs of a folder and check them against each other.

    The folder holds ``schema/``, ``rubrics/<document type>.yaml``, ``panels.yaml``
    and one ``<pack>.yaml`` for each persona pack.

    Raises:
        PackError: A file is missing, unreadable or wrong.
    """
    schemas = load_schemas(folder / "schema")
    personas = _load_personas(folder, schemas)
    return Catalogue(
        schemas=schemas,
        _personas=MappingProxyType(personas),
        _panels=MappingProxyType(_load_panels(folder, schemas, personas=personas)),
        _rubrics=MappingProxyType(_load_rubrics(folder, schemas)),
    )


def _load_personas(folder: Path, schemas: Schemas) -> dict[str, Persona]:
    personas: dict[str, Persona] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == _PANELS:
            continue
        pack = parse_personas(_read(folder, path), file=path.name, schemas=schemas)
        for index, persona in enumerate(pack):
            if persona.id in personas:
                raise PackError(
                    path.name,
                    f"personas[{index}].id",
                    problem=f"{persona.id!r} is also in "
                    f"{personas[persona.id].pack}.yaml",
                    mend="give one of the two another id",
                )
            personas[persona.id] = persona
    return personas


def _load_panels(
    folder: Path, schemas: Schemas, *, personas: Mapping[str, Persona]
) -> dict[str, Panel]:
    text = _read(folder, folder / _PANELS)
    panels = parse_panels(text, file=_PANELS, schemas=schemas)
    check_unique(panels, key=lambda panel: panel.id, file=_PANELS, path="panels[{}].id")
    for index, panel in enumerate(panels):
        _check_seats(panel, personas=personas, path=f"panels[{index}]")
    return {panel.id: panel for panel in panels}


def _check_seats(panel: Panel, *, personas: Mapping[str, Persona], path: str) -> None:
    for index, seat in enumerate(panel.seats):
        if seat.persona_id not in personas:
            raise PackError(
                _PANELS,
                f"{path}.seats[{index}].persona_id",
                problem=f"there is no persona {seat.persona_id!r}",
                mend=f"use one of: {', '.join(sorted(personas))}",
            )


def _load_rubrics(folder: Path, schemas: Schemas) -> dict[str, Rubric]:
    rubrics: dict[str, Rubric] = {}
    for path in sorted((folder / _RUBRICS).glob("*.yaml")):
        file = f"{_RUBRICS}/{path.name}"
        rubric = parse_rubric(_read(folder, path), file=file, schemas=schemas)
        rubrics[rubric.document_type] = rubric
    if DEFAULT_DOCUMENT_TYPE not in rubrics:
        raise PackError(
            f"{_RUBRICS}/{DEFAULT_DOCUMENT_TYPE}.yaml",
            "",
            problem="is missing",
            mend="add it: it scores every document whose type is not given",
        )
    return rubrics


def _read(folder: Path, path: Path) -> str:
    file = path.relative_to(folder).as_posix()
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PackError(
            file, "", problem="is missing", mend="add it or restore it"
        ) from error
    except UnicodeDecodeError as error:
        raise PackError(
            file, "", problem="is not UTF-8 text", mend="save it as UTF-8"
        ) from error


def _get(entries: Mapping[str, _Entry], name: str, *, kind: str) -> _Entry:
    try:
        return entries[name]
    except KeyError:
        raise UnknownEntryError(kind, name) from None
