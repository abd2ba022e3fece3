"""Who read which part of a document."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CoveredRange:
    """Neighbouring paragraphs that the same seats read.

    Attributes:
        read_by: Seats that were shown it for their review.
        swept_by: Seats that were shown it in a section of its own.
    """

    first_paragraph_id: str
    last_paragraph_id: str
    read_by: tuple[str, ...]
    swept_by: tuple[str, ...]
