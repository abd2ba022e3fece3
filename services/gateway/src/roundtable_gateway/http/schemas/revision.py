"""Accepted rewrites over HTTP."""

from dataclasses import dataclass
from typing import Self

from roundtable_gateway.exports.rewrites import LeftOut, PlannedRewrite, RewritePlan


@dataclass(frozen=True, slots=True)
class RevisionPlan:
    """What becomes of each accepted finding when a document is revised."""

    run_id: str
    document_id: str
    applied: tuple[PlannedRewrite, ...]
    left_out: tuple[LeftOut, ...]

    @classmethod
    def of(cls, run_id: str, document_id: str, plan: RewritePlan) -> Self:
        """Return the contract's form of a plan."""
        return cls(run_id, document_id, plan.applied, plan.left_out)
