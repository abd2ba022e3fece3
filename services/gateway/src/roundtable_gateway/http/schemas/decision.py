"""A decision and what computing it again gives."""

from dataclasses import dataclass

from roundtable_gateway.domain.decision import Decision


@dataclass(frozen=True, slots=True)
class RecomputedDecision:
    """The panel's decision as it was stored, and as what is stored gives it again.

    Both are null before there is one, and while the run goes on. The author's answers
    count for neither.
    """

    stored: Decision | None
    recomputed: Decision | None
    is_same: bool
