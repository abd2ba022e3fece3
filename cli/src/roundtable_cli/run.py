"""Runs and what belongs to them, as the terminal shows them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from roundtable_cli.errors import MalformedAnswerError

REHEARSAL = "rehearsal"


@dataclass(frozen=True, slots=True)
class Health:
    """How a gateway is; `engine` is None for callers who may not know it."""

    status: str
    engine: str | None
    account: str | None
    version: str | None
    is_runner_away: bool

    @classmethod
    def from_json(cls, health: Mapping[str, Any]) -> "Health":
        """Read the answer of ``GET /health``."""
        try:
            runner = health["services"]["persona_runner"]
            return cls(
                status=str(health["status"]),
                engine=runner.get("engine"),
                account=runner.get("account"),
                version=health.get("version"),
                is_runner_away=runner["status"] != "ok",
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise MalformedAnswerError("a health report without services") from error


@dataclass(frozen=True, slots=True)
class Panelist:
    """A seat: its letter, its persona's name, its model."""

    id: str
    name: str
    model: str | None

    @property
    def label(self) -> str:
        """What the panelist is called; the model tells a council's seats apart."""
        return f"{self.name} ({self.model})" if self.model else self.name


@dataclass(frozen=True, slots=True)
class Quote:
    """The document's own words, or the panelist's where they were not found."""

    words: str
    is_found: bool
    paragraph_id: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One point with its evidence."""

    id: str
    panelist_id: str
    kind: str
    title: str
    severity: str
    paragraph_ids: tuple[str, ...]
    quotes: tuple[Quote, ...]
    searched_for: tuple[str, ...]
    impact: str
    fix: str
    rewrite: str | None
    is_verified: bool

    @classmethod
    def from_json(cls, finding: Mapping[str, Any]) -> "Finding":
        """Read a Finding of the API."""
        return cls(
            id=finding["id"],
            panelist_id=finding["panelist_id"],
            kind=finding["kind"],
            title=finding["title"],
            severity=finding["severity"],
            paragraph_ids=tuple(finding["paragraph_ids"]),
            quotes=tuple(_quote(quote) for quote in finding["quotes"]),
            searched_for=tuple(finding["searched_for"]),
            impact=finding["impact"],
            fix=finding["fix"],
            rewrite=finding["rewrite"],
            is_verified=finding["verified"],
        )


@dataclass(frozen=True, slots=True)
class Dissent:
    """A seat whose verdict does not fit the outcome."""

    panelist_id: str
    position: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The panel's outcome by the policy."""

    outcome: str
    reason: str
    score: float | None
    spread: float | None
    seats: int
    seats_finished: int
    dissent: tuple[Dissent, ...]

    @classmethod
    def from_json(cls, decision: Mapping[str, Any]) -> "Decision":
        """Read a Decision of the API."""
        return cls(
            outcome=decision["outcome"],
            reason=decision["reason"],
            score=decision["score"],
            spread=decision["spread"],
            seats=decision["seats"],
            seats_finished=decision["seats_finished"],
            dissent=tuple(
                Dissent(dissent["panelist_id"], dissent["position"])
                for dissent in decision["dissent"]
            ),
        )


@dataclass(frozen=True, slots=True)
class FailedTurn:
    """A turn that ended without an answer."""

    panelist_id: str | None
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Run:
    """One execution of a panel on a document.

    Attributes:
        json: The whole object as the gateway sent it.
    """

    id: str
    state: str
    reason: str | None
    engine: str
    document_title: str
    panelists: tuple[Panelist, ...]
    findings: tuple[Finding, ...]
    decision: Decision | None
    failed_turns: tuple[FailedTurn, ...]
    cost_usd: float | None
    json: Mapping[str, Any]

    @classmethod
    def from_json(cls, run: Mapping[str, Any]) -> "Run":
        """Read a Run of the API, with its lists or without.

        Raises:
            MalformedAnswerError: It is no Run.
        """
        try:
            return cls._read(run)
        except (KeyError, TypeError, AttributeError) as error:
            raise MalformedAnswerError("a run with fields missing or wrong") from error

    @classmethod
    def _read(cls, run: Mapping[str, Any]) -> "Run":
        decision = run.get("decision")
        return cls(
            id=run["id"],
            state=run["state"],
            reason=run.get("reason"),
            engine=run["engine"],
            document_title=run["document"]["title"],
            panelists=tuple(_panelist(seat) for seat in run["panelists"]),
            findings=tuple(Finding.from_json(f) for f in run.get("findings", ())),
            decision=None if decision is None else Decision.from_json(decision),
            failed_turns=tuple(
                FailedTurn(t["panelist_id"], t["kind"], t.get("reason") or "unknown")
                for t in run.get("turns", ())
                if t["state"] == "failed"
            ),
            cost_usd=run.get("usage", {}).get("cost_usd"),
            json=run,
        )


def _panelist(seat: Mapping[str, Any]) -> Panelist:
    return Panelist(seat["id"], seat["persona"]["name"], seat.get("model"))


def _quote(quote: Mapping[str, Any]) -> Quote:
    found = quote["text"]
    return Quote(
        words=quote["given"] if found is None else found,
        is_found=found is not None,
        paragraph_id=quote.get("paragraph_id"),
    )
