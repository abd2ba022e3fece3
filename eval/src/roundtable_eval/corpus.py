"""The documents with planted flaws, their clean twins and their answer keys."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from roundtable_eval.errors import MalformedKeyError


class Side(StrEnum):
    """Which of the twins."""

    FLAWED = "flawed"
    CLEAN = "clean"


class Sort(StrEnum):
    """What is wrong where a flaw was planted."""

    CONTRADICTION = "contradiction"
    DANGLING_REFERENCE = "dangling_reference"
    LEFTOVER = "leftover"
    MISSING_ACCEPTANCE = "missing_acceptance"
    MISSING_LIMIT = "missing_limit"
    MISSING_OWNER = "missing_owner"
    MISSING_SUBJECT = "missing_subject"
    ONE_SIDED_LIABILITY = "one_sided_liability"
    OUTDATED_REFERENCE = "outdated_reference"
    SECURITY_HOLE = "security_hole"
    UNDEFINED_TERM = "undefined_term"
    UNPROVED_ABSOLUTE = "unproved_absolute"
    UNREALISTIC_DATE = "unrealistic_date"
    UNSOURCED_FIGURE = "unsourced_figure"
    VAGUE_DUTY = "vague_duty"
    WRONG_ARITHMETIC = "wrong_arithmetic"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, in Unicode code points; `end` lies behind it."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Flaw:
    """One planted flaw.

    Attributes:
        severity: How grave the author of the key takes it to be.
        why: What is wrong, for people.
        quote: The flawed document's exact words; None for an omission.
        counterpart: Words that contradict the quote; pointing at them counts too.
        paragraph: The quote's paragraph, None for an omission.
        absent: Terms that are not in the flawed document; empty unless an omission.
    """

    id: str
    sort: Sort
    criterion: str
    severity: str
    why: str
    quote: str | None = None
    counterpart: str | None = None
    paragraph: str | None = None
    absent: tuple[str, ...] = ()

    def spans_in(self, text: str) -> Iterator[Span]:
        """Yield where the flaw stands; nothing for an omission."""
        for words in (self.quote, self.counterpart):
            if words is not None:
                start = text.index(words)
                yield Span(start, start + len(words))


@dataclass(frozen=True, slots=True)
class EvalDocument:
    """A document, its clean twin and what was planted."""

    slug: str
    title: str
    document_type: str
    flawed: str
    clean: str
    flaws: tuple[Flaw, ...]

    def text_of(self, side: Side) -> str:
        """Return the text of one of the twins."""
        return self.flawed if side is Side.FLAWED else self.clean


def digest_of(text: str) -> str:
    """Return the name by which a transcript knows the text it is about."""
    return hashlib.sha256(text.encode()).hexdigest()


def load_documents(root: Path) -> dict[str, EvalDocument]:
    """Return all documents below the kit's folder by their slugs.

    Raises:
        MalformedKeyError: A key cannot be read, or names words that are not there.
    """
    keys = sorted((root / "keys").glob("*.yaml"))
    return {path.stem: _load_document(root, path) for path in keys}


def _load_document(root: Path, key_path: Path) -> EvalDocument:
    folder = root / "documents" / key_path.stem
    try:
        key = yaml.safe_load(key_path.read_text(encoding="utf-8"))
        document = EvalDocument(
            slug=key_path.stem,
            title=key["title"],
            document_type=key["document_type"],
            flawed=(folder / "flawed.md").read_text(encoding="utf-8"),
            clean=(folder / "clean.md").read_text(encoding="utf-8"),
            flaws=tuple(_flaw(entry) for entry in key["flaws"]),
        )
        _require_flaws(document)
    except (OSError, KeyError, TypeError, ValueError, yaml.YAMLError) as error:
        raise MalformedKeyError(f"{key_path.name}: {error}") from error
    return document


def _require_flaws(document: EvalDocument) -> None:
    if not document.flaws:
        raise ValueError("no flaws")
    for flaw in document.flaws:
        tuple(flaw.spans_in(document.flawed))


def _flaw(entry: Mapping[str, Any]) -> Flaw:
    flaw = Flaw(
        **{
            **entry,
            "sort": Sort(entry["sort"]),
            "absent": tuple(entry.get("absent", ())),
        }
    )
    if (flaw.quote is None) is not bool(flaw.absent):
        raise ValueError(f"{flaw.id} needs either a quote or absent terms")
    return flaw
