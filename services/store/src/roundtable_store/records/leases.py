"""Leases: who may drive a run, and what an append may write."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from roundtable_kit.errors import Aborted, FailedPrecondition
from roundtable_store.records.events import NewEvent
from roundtable_store.records.runs import RunDetail


@dataclass(frozen=True, slots=True)
class ClaimRequest:
    """Asks for a run to drive; without `run_id` for the oldest that can be claimed.

    Attributes:
        holder: Name of the conductor's place, the same over its restarts.
        incarnation: Name of the very process; empty when it does not say.
        except_engines: Whose runs are left alone unless one is named.
    """

    request_id: str
    holder: str
    incarnation: str
    duration: timedelta
    run_id: str | None
    except_engines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A run in a conductor's hand."""

    detail: RunDetail
    owner: str
    fencing_token: int
    expire_time: datetime
    next_index: int


@dataclass(frozen=True, slots=True)
class Renewal:
    """A prolonged lease, and what was asked of the run meanwhile."""

    expire_time: datetime
    is_cancel_requested: bool


@dataclass(frozen=True, slots=True)
class Append:
    """Events to append under a claim; `progress` is opaque."""

    run_id: str
    fencing_token: int
    first_index: int
    events: tuple[NewEvent, ...]
    progress: bytes | None


def require_token(given: int, *, current: int, is_held: bool) -> None:
    """Refuse a conductor whose claim is over (FENCED)."""
    if given != current or not is_held:
        raise Aborted("FENCED", "The claim on the run is over; claim it again.")


def count_known(first_index: int, count: int, *, appended: int) -> int:
    """Return how many of an append's events are in the log already.

    Args:
        first_index: Position of the first event among all of the claim.
        count: Number of the append's events.
        appended: Number of events in the log under the claim.

    Raises:
        FailedPrecondition: Events in front of these are missing (APPEND_GAP).
    """
    if first_index > appended:
        raise FailedPrecondition(
            "APPEND_GAP", f"The claim's next event has the index {appended}."
        )
    return min(count, appended - first_index)
