"""A run, whole: with its turns, findings and all that came of them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

from roundtable_gateway.domain.cluster import Cluster, FoundBy
from roundtable_gateway.domain.coverage import CoveredRange
from roundtable_gateway.domain.decision import Decision
from roundtable_gateway.domain.discussion import AgendaItem, Stance
from roundtable_gateway.domain.document import Paragraph
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import RunDetail, RunSummary, Turn
from roundtable_gateway.domain.synthesis import Synthesis
from roundtable_gateway.panel.clusters import found_by
from roundtable_gateway.panel.coverage import map_coverage
from roundtable_gateway.panel.standing import current_decision


@dataclass(frozen=True, slots=True)
class RunSynthesis(Synthesis):
    """The moderator's text, and the same in one piece."""

    text: str

    @classmethod
    def of(cls, synthesis: Synthesis) -> Self:
        """Return the contract's form of a synthesis."""
        parts = {
            field.name: getattr(synthesis, field.name) for field in fields(Synthesis)
        }
        text = " ".join(sentence.text for sentence in synthesis.sentences)
        return cls(**parts, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCluster(Cluster):
    """A cluster, and who found what it is about."""

    found_by: FoundBy

    @classmethod
    def of(cls, cluster: Cluster, findings: Mapping[str, Finding]) -> Self:
        """Return the contract's form of a cluster; findings by id."""
        parts = {field.name: getattr(cluster, field.name) for field in fields(Cluster)}
        members = [findings[each] for each in cluster.finding_ids if each in findings]
        return cls(**parts, found_by=found_by(cluster, members))


@dataclass(frozen=True, slots=True)
class Run(RunSummary):
    """A run, whole. Lists of stages that the run does not walk are empty.

    Attributes:
        decision: The panel's own, whatever the author answers.
        current_decision: The same policy over what the author's answers leave open;
            None where they change nothing of it.
        coverage: The document's paragraphs, all of them, by who was shown them.
    """

    turns: tuple[Turn, ...]
    findings: tuple[Finding, ...]
    clusters: tuple[RunCluster, ...]
    agenda: tuple[AgendaItem, ...]
    stances: tuple[Stance, ...]
    decision: Decision | None
    current_decision: Decision | None
    synthesis: RunSynthesis | None
    coverage: tuple[CoveredRange, ...]

    @classmethod
    def of(cls, detail: RunDetail) -> Self:
        """Return the contract's form of a run."""
        summary = {
            field.name: getattr(detail.run, field.name) for field in fields(RunSummary)
        }
        synthesis = detail.synthesis
        by_id = {finding.id: finding for finding in detail.findings}
        return cls(
            **summary,
            turns=detail.turns,
            findings=detail.findings,
            clusters=tuple(RunCluster.of(each, by_id) for each in detail.clusters),
            agenda=detail.agenda,
            stances=detail.stances,
            decision=detail.decision,
            current_decision=current_decision(detail),
            synthesis=RunSynthesis.of(synthesis) if synthesis else None,
            coverage=_coverage(detail),
        )

    @classmethod
    def as_created(cls, run: RunSummary) -> Self:
        """Return the contract's form of a run that nobody has begun."""
        return cls.of(RunDetail(run=run, turns=(), findings=(), decision=None))


def _coverage(detail: RunDetail) -> tuple[CoveredRange, ...]:
    count = detail.run.document.paragraph_count
    if count and not detail.turns:
        # So that a new run is cheap to tell, however many paragraphs there are.
        return (CoveredRange("P1", f"P{count}", read_by=(), swept_by=()),)
    # Ids say it all: the text is not read for it.
    paragraphs = [Paragraph(f"P{number}", 0, 0) for number in range(1, count + 1)]
    return map_coverage(paragraphs, detail.turns)
