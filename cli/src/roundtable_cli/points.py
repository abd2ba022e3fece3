"""The points of a run: findings that one fix would resolve, told once."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from roundtable_cli.render.words import by_severity
from roundtable_cli.run import Finding, Run


@dataclass(frozen=True, slots=True)
class Point:
    """A finding that speaks for others.

    Attributes:
        lead: What is told.
        findings: All that say it, the lead first.
    """

    lead: Finding
    findings: tuple[Finding, ...]

    @property
    def other_titles(self) -> tuple[str, ...]:
        """The titles of the others, as far as they word it otherwise."""
        titles = dict.fromkeys(finding.title for finding in self.findings)
        return tuple(title for title in titles if title != self.lead.title)


def points_of(run: Run) -> list[Point]:
    """Return all findings, each in one point.

    Verified ones come before unverified ones, the gravest first, strengths last. A run
    without clusters tells once what is said word for word the same.
    """
    points = _clustered(run) if run.clusters else _said_alike(run)
    return sorted(points, key=_rank)


def _rank(point: Point) -> tuple[bool, bool, int]:
    lead = point.lead
    return lead.kind == "strength", not lead.is_verified, by_severity(lead)


def _clustered(run: Run) -> Iterator[Point]:
    known = {finding.id: finding for finding in run.findings}
    for cluster in run.clusters:
        findings = tuple(known.pop(each) for each in cluster if each in known)
        if findings:
            yield Point(findings[0], findings)
    # A finding that came after the clusters were set is not lost.
    for finding in known.values():
        yield Point(finding, (finding,))


def _said_alike(run: Run) -> Iterator[Point]:
    voices: dict[Finding, list[Finding]] = {}
    for finding in run.findings:
        said = replace(finding, id="", panelist_id=None)
        voices.setdefault(said, []).append(finding)
    for findings in voices.values():
        yield Point(findings[0], tuple(findings))
