"""How severities compare."""

from collections.abc import Iterable

from roundtable_gateway.domain.finding import Severity

_ORDER = {severity: rank for rank, severity in enumerate(Severity)}


def rank(severity: Severity) -> int:
    """0 for the gravest, one more for each step down."""
    return _ORDER[severity]


def steps_between(a: Severity, b: Severity) -> int:
    """How many steps two severities are apart."""
    return abs(rank(a) - rank(b))


def gravest(severities: Iterable[Severity | None]) -> Severity | None:
    """The gravest of them, None if there is none."""
    return min((s for s in severities if s is not None), key=rank, default=None)
