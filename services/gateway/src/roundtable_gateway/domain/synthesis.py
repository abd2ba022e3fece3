"""The moderator's text for the author."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SynthesisSentence:
    """A sentence and the findings it rests on, one or more."""

    text: str
    finding_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synthesis:
    """The moderator's text; every sentence cites findings that are there.

    Attributes:
        sentences: What matters first.
        minority: What a minority holds against it.
        not_examined: What nobody examined.
        dropped_sentences: How many were left out, as they cited nothing that is there.
    """

    sentences: tuple[SynthesisSentence, ...]
    minority: tuple[SynthesisSentence, ...]
    not_examined: tuple[str, ...]
    dropped_sentences: int
