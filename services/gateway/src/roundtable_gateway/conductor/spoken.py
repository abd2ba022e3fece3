"""How a panel hears itself: without names, each listener as "you"."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from roundtable_gateway.conductor.tasks import (
    DiscussedItem,
    SpokenFinding,
    SpokenScore,
    SpokenStance,
)
from roundtable_gateway.domain.discussion import AgendaItem, Stance
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import Panelist, Turn
from roundtable_gateway.panel.stances import as_reviewed, moved_severity

Speaker = Callable[[str | None], str]

_YOU = "you"
_CONTROL = "Control"


def speaker(panelist_id: str | None) -> str:
    """Name a seat, or the control, without a listener."""
    return f"Panelist {panelist_id}" if panelist_id else _CONTROL


def speaker_to(listener_id: str) -> Speaker:
    """Return what names seats to one of them."""

    def name(panelist_id: str | None) -> str:
        return _YOU if panelist_id == listener_id else speaker(panelist_id)

    return name


def speaker_by_name(panelists: Iterable[Panelist]) -> Speaker:
    """Return what names seats to the author; the model tells a council's apart."""
    names = {
        panelist.id: (
            f"{panelist.persona.name} ({panelist.model})"
            if panelist.model
            else panelist.persona.name
        )
        for panelist in panelists
    }

    def name(panelist_id: str | None) -> str:
        return names[panelist_id] if panelist_id else _CONTROL

    return name


def ahead_of(
    findings: Iterable[Finding],
    stances: Sequence[Stance],
    *,
    round: int,  # noqa: A002 - the glossary's word
) -> dict[str, Finding]:
    """Return findings by id as they stood when a round began."""
    said = [stance for stance in stances if stance.round < round]
    standing = {}
    for finding in findings:
        reviewed = as_reviewed(finding, stances)
        moved = moved_severity(reviewed, said)
        standing[finding.id] = (
            reviewed if moved is None else replace(reviewed, severity=moved)
        )
    return standing


def discussed(
    item: AgendaItem,
    *,
    findings: Mapping[str, Finding],
    reviews: Iterable[Turn],
    stances: Iterable[Stance],
    name: Speaker,
) -> DiscussedItem:
    """Return an item with what was said of it; marks where it is about marks."""
    return DiscussedItem(
        item=item,
        findings=tuple(
            SpokenFinding(name(findings[each].panelist_id), findings[each])
            for each in item.finding_ids
            if each in findings
        ),
        scores=tuple(
            SpokenScore(name(review.panelist_id), score)
            for review in reviews
            for score in review.scores
            if item.cluster_id is None and score.criterion == item.criterion
        ),
        stances=tuple(
            SpokenStance(name(stance.panelist_id), stance)
            for stance in stances
            if stance.item_id == item.id
        ),
    )
