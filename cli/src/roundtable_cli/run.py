"""Runs and what belongs to them, as the terminal shows them."""

from collections.abc import Iterable, Mapping
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
    """One point with its evidence; no panelist is the control."""

    id: str
    panelist_id: str | None
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
class Sentence:
    """A sentence of the moderator and the findings it rests on."""

    text: str
    finding_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synthesis:
    """The moderator's text for the author."""

    sentences: tuple[Sentence, ...]
    minority: tuple[Sentence, ...]
    not_examined: tuple[str, ...]

    @classmethod
    def from_json(cls, synthesis: Mapping[str, Any]) -> "Synthesis":
        """Read a Synthesis of the API."""
        return cls(
            sentences=_sentences(synthesis["sentences"]),
            minority=_sentences(synthesis.get("minority", ())),
            not_examined=tuple(synthesis.get("not_examined", ())),
        )


@dataclass(frozen=True, slots=True)
class Stance:
    """A panelist's answer to an item of the agenda.

    Attributes:
        is_change: Whether the panelist changed its mind.
        is_evidenced: Whether it brought new words of the document; a change without
            them moves nothing.
    """

    panelist_id: str
    round: int
    move: str
    severity_before: str | None
    severity_after: str | None
    argument: str
    is_change: bool
    is_evidenced: bool


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """Something that the panel disagreed about, and what was said of it."""

    id: str
    question: str
    stances: tuple[Stance, ...]


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
    score_after_discussion: float | None
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
            score_after_discussion=decision["score_after_discussion"],
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
        clusters: Ids of findings that one fix would resolve, the lead's first.
        json: The whole object as the gateway sent it.
    """

    id: str
    state: str
    reason: str | None
    engine: str
    document_title: str
    panelists: tuple[Panelist, ...]
    findings: tuple[Finding, ...]
    clusters: tuple[tuple[str, ...], ...]
    agenda: tuple[AgendaItem, ...]
    decision: Decision | None
    synthesis: Synthesis | None
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
        decision, synthesis = run.get("decision"), run.get("synthesis")
        return cls(
            id=run["id"],
            state=run["state"],
            reason=run.get("reason"),
            engine=run["engine"],
            document_title=run["document"]["title"],
            panelists=tuple(_panelist(seat) for seat in run["panelists"]),
            findings=tuple(Finding.from_json(f) for f in run.get("findings", ())),
            clusters=tuple(
                tuple(cluster["finding_ids"]) for cluster in run.get("clusters", ())
            ),
            agenda=_agenda(run),
            decision=None if decision is None else Decision.from_json(decision),
            synthesis=None if synthesis is None else Synthesis.from_json(synthesis),
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


def _sentences(sentences: Iterable[Mapping[str, Any]]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(sentence["text"], tuple(sentence["finding_ids"]))
        for sentence in sentences
    )


def _agenda(run: Mapping[str, Any]) -> tuple[AgendaItem, ...]:
    stances = run.get("stances", ())
    return tuple(
        AgendaItem(
            id=item["id"],
            question=item["question"],
            stances=tuple(
                _stance(stance) for stance in stances if stance["item_id"] == item["id"]
            ),
        )
        for item in run.get("agenda", ())
    )


def _stance(stance: Mapping[str, Any]) -> Stance:
    return Stance(**{name: stance[name] for name in Stance.__slots__})


def _quote(quote: Mapping[str, Any]) -> Quote:
    found = quote["text"]
    return Quote(
        words=quote["given"] if found is None else found,
        is_found=found is not None,
        paragraph_id=quote.get("paragraph_id"),
    )
