"""A transcript: what is stored of one run, so that it can be scored again for ever."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from roundtable_eval.corpus import Side
from roundtable_eval.errors import MalformedTranscriptError


class RunKind(StrEnum):
    """How a run was asked for."""

    GENERALIST = "generalist"
    INDEPENDENT = "independent"
    ROUNDTABLE = "roundtable"


@dataclass(frozen=True, slots=True, order=True)
class RunPlace:
    """Which run of a set: the document, the twin, how, and the how-manieth.

    Attributes:
        part: 1, but for the generalist, who reads several times in a replicate.
    """

    document: str
    side: Side
    kind: RunKind
    replicate: int
    part: int = 1

    @property
    def path(self) -> Path:
        """Where its transcript lies in the set's folder."""
        name = f"{self.side}-{self.kind}-{self.replicate}-{self.part}.json"
        return Path(self.document) / name


@dataclass(frozen=True, slots=True)
class Transcript:
    """One run as the HTTP API showed it at its end.

    Attributes:
        model: What was asked for or answered, None where the engine has none.
        text_sha256: Digest of the document's text, as the gateway read it.
        run: The API's Run, unchanged.
    """

    place: RunPlace
    engine: str
    model: str | None
    text_sha256: str
    run: Mapping[str, Any]

    def to_json(self) -> str:
        """Return it in the one form in which it is stored."""
        return canonical_json(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read it back.

        Raises:
            MalformedTranscriptError: It is none.
        """
        try:
            content = json.loads(text)
            place = content["place"]
            return cls(
                place=RunPlace(
                    document=place["document"],
                    side=Side(place["side"]),
                    kind=RunKind(place["kind"]),
                    replicate=place["replicate"],
                    part=place["part"],
                ),
                engine=content["engine"],
                model=content["model"],
                text_sha256=content["text_sha256"],
                run=content["run"],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise MalformedTranscriptError(f"no transcript: {error!r}") from error


def canonical_json(content: Any) -> str:
    """Return JSON that is the same bytes for the same content: sorted, LF at its end.

    One space of indentation costs little and lets two versions be compared by line.
    """
    return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def load_set(folder: Path) -> tuple[Transcript, ...]:
    """Return a set's transcripts in the order of their places.

    Raises:
        MalformedTranscriptError: One cannot be read, or lies in another's place.
    """
    return tuple(
        sorted(
            (_load(folder, path) for path in folder.glob("*/*.json")),
            key=lambda transcript: transcript.place,
        )
    )


def store(folder: Path, transcript: Transcript) -> None:
    """Write a transcript to its place, whole or not at all."""
    path = folder / transcript.place.path
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(transcript.to_json(), encoding="utf-8", newline="\n")
    unfinished.replace(path)


def _load(folder: Path, path: Path) -> Transcript:
    transcript = Transcript.from_json(path.read_text(encoding="utf-8"))
    if folder / transcript.place.path != path:
        raise MalformedTranscriptError(f"{path.name} is {transcript.place.path}")
    return transcript
