"""Turns the text of a pack file into domain types, or says what is wrong with it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import Any, TypeVar

from roundtable_gateway.domain.persona import (
    Anchor,
    Criterion,
    Method,
    Panel,
    Persona,
    Rubric,
    Seat,
)
from roundtable_gateway.packs.digest import content_digest
from roundtable_gateway.packs.errors import Fault, PackError
from roundtable_gateway.packs.pack_text import read_yaml
from roundtable_gateway.packs.rules import persona_faults, repetition_faults
from roundtable_gateway.packs.schemas import Schemas

_Entry = TypeVar("_Entry")


def parse_personas(text: str, *, file: str, schemas: Schemas) -> tuple[Persona, ...]:
    """Return the personas of a built-in pack.

    Raises:
        PackError: The text breaks the schema or one of the pack's own rules.
    """
    pack = schemas.check("personas", read_yaml(text, file=file), file=file)
    _check_name(pack["pack"], file=file, path="pack")
    for index, entry in enumerate(pack["personas"]):
        _refuse(persona_faults(entry, path=f"personas[{index}]"), file=file)
    return tuple(_built_in(entry, pack=pack["pack"]) for entry in pack["personas"])


def parse_panels(text: str, *, file: str, schemas: Schemas) -> tuple[Panel, ...]:
    """Return the built-in panels.

    Raises:
        PackError: The text breaks the schema or seats the same persona and model twice.
    """
    entries = schemas.check("panels", read_yaml(text, file=file), file=file)["panels"]
    panels = tuple(_built_in_panel(entry) for entry in entries)
    for index, panel in enumerate(panels):
        check_unique(
            panel.seats,
            key=lambda seat: (seat.persona_id, seat.model),
            file=file,
            path=f"panels[{index}].seats[{{}}]",
        )
    return panels


def parse_rubric(text: str, *, file: str, schemas: Schemas) -> Rubric:
    """Return the rubric of one document type.

    Raises:
        PackError: The text breaks the schema or names a criterion twice.
    """
    entry = schemas.check("rubric", read_yaml(text, file=file), file=file)
    _check_name(entry["document_type"], file=file, path="document_type")
    rubric = Rubric(
        document_type=entry["document_type"],
        criteria=tuple(_criterion(criterion) for criterion in entry["criteria"]),
    )
    check_unique(
        rubric.criteria,
        key=lambda criterion: criterion.key,
        file=file,
        path="criteria[{}].key",
    )
    return rubric


def check_unique(
    entries: Iterable[_Entry],
    *,
    key: Callable[[_Entry], object],
    file: str,
    path: str,
) -> None:
    """Refuse a second entry of the same key.

    Args:
        entries: What to look through.
        key: What has to be unique.
        file: How errors name the file.
        path: The place of an entry, with ``{}`` for its index.

    Raises:
        PackError: Two entries share a key.
    """
    _refuse(repetition_faults(entries, key=key, path=path), file=file)


def to_persona(entry: dict[str, Any], *, pack: str, built_in: bool) -> Persona:
    """Return the persona of an entry that fits its schema, without an etag."""
    lists = ("priorities", "pet_peeves", "objections", "owns", "ignores", "questions")
    return Persona(
        **entry
        | {name: tuple(entry[name]) for name in lists}
        | {"method": Method(entry["method"])},
        pack=pack,
        built_in=built_in,
        etag="",
    )


def to_panel(entry: dict[str, Any], *, built_in: bool) -> Panel:
    """Return the panel of an entry that fits its schema, without an etag."""
    seats = tuple(Seat(**seat) for seat in entry["seats"])
    return Panel(**entry | {"seats": seats}, built_in=built_in, etag="")


def _built_in(entry: dict[str, Any], *, pack: str) -> Persona:
    persona = to_persona(entry, pack=pack, built_in=True)
    return replace(persona, etag=content_digest(persona))


def _built_in_panel(entry: dict[str, Any]) -> Panel:
    panel = to_panel(entry, built_in=True)
    return replace(panel, etag=content_digest(panel))


def _criterion(entry: dict[str, Any]) -> Criterion:
    return Criterion(
        key=entry["key"],
        label=entry["label"],
        question=entry["question"],
        anchors=tuple(Anchor(**anchor) for anchor in entry["anchors"]),
        expects=tuple(entry.get("expects", ())),
    )


def _check_name(name: str, *, file: str, path: str) -> None:
    stem = PurePath(file).stem
    if name != stem:
        raise PackError(
            file,
            path,
            problem=f"{name!r} is not the file's name",
            mend=f"write {stem!r} or rename the file",
        )


def _refuse(faults: Iterator[Fault], *, file: str) -> None:
    for fault in faults:
        raise PackError(file, fault.path, problem=fault.problem, mend=fault.mend)
