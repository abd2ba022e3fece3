"""What a moderator is shown of a long run: the gravest, as far as the window goes."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace

from roundtable_gateway.conductor.tasks import (
    DiscussedItem,
    SpokenFinding,
    SynthesisTask,
    SynthesizedCluster,
)
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.panel.material import (
    estimate_finding,
    estimate_material,
    shorten,
)
from roundtable_gateway.panel.severities import gravest

# Of the room: what was said may take so much of it.
_ITEMS_SHARE = 0.5
# Of what that leaves: findings are told whole up to the first mark, up to the second
# those that lead their cluster; the rest is for titles.
_WHOLE_SHARE = 0.5
_LED_SHARE = 0.75


def fit(task: SynthesisTask, *, room_tokens: int) -> SynthesisTask:
    """Return a task whose material takes no more than some tokens.

    Where all of it fits, the task is the same. Else clusters are shown in their order,
    the gravest first: whole, then with their lead whole and of the others the titles
    alone, then by titles alone; what is beyond that is left out. The task's list of
    what nobody examined tells what its text does not know.
    """
    room = room_tokens - _fixed_tokens(task)
    if _findings_tokens(task.clusters) + _items_tokens(task.items) <= room:
        return task
    items = tuple(_items_that_fit(task.items, round(room * _ITEMS_SHARE)))
    clusters = tuple(_clusters_that_fit(task.clusters, room - _items_tokens(items)))
    told = told_ids(clusters)
    return replace(
        task,
        clusters=clusters,
        items=tuple(_of_told(item, told) for item in items),
        not_examined=(
            *task.not_examined,
            *_untold(task, clusters=clusters, items=items),
        ),
    )


def told_ids(clusters: Iterable[SynthesizedCluster]) -> frozenset[str]:
    """Return the ids of the findings that clusters show."""
    return frozenset(spoken.finding.id for each in clusters for spoken in each.findings)


def _fixed_tokens(task: SynthesisTask) -> int:
    return estimate_material(
        [
            task.document_title,
            asdict(task.decision),
            [asdict(each) for each in task.dissent],
            task.not_examined,
        ]
    )


def _findings_tokens(clusters: Iterable[SynthesizedCluster]) -> int:
    return sum(map(_cluster_tokens, clusters))


def _cluster_tokens(shown: SynthesizedCluster) -> int:
    named = estimate_material([shown.cluster.id, shown.cluster.severity])
    return named + _spoken_tokens(shown.findings)


def _spoken_tokens(findings: Iterable[SpokenFinding]) -> int:
    return sum(estimate_finding(each.finding, each.speaker) for each in findings)


def _items_tokens(items: Iterable[DiscussedItem]) -> int:
    return sum(map(_item_tokens, items))


def _item_tokens(shown: DiscussedItem) -> int:
    asked = asdict(replace(shown, findings=()))
    return _spoken_tokens(shown.findings) + estimate_material(asked)


def _items_that_fit(
    items: Iterable[DiscussedItem], room: int
) -> Iterator[DiscussedItem]:
    """Yield items in their order; their findings are told with the clusters."""
    for item in items:
        shown = replace(item, findings=_shortened(item.findings))
        needed = _item_tokens(shown)
        if needed <= room:
            yield shown
            room -= needed


def _clusters_that_fit(
    clusters: Iterable[SynthesizedCluster], room: int
) -> Iterator[SynthesizedCluster]:
    """Yield clusters in their order, each as fully as its place allows."""
    used = 0
    for cluster in clusters:
        lead, others = cluster.findings[:1], cluster.findings[1:]
        forms = (
            (_WHOLE_SHARE, cluster.findings),
            (_LED_SHARE, (*lead, *_shortened(others))),
            (1.0, _shortened(cluster.findings)),
        )
        for share, findings in forms:
            shown = replace(cluster, findings=findings)
            needed = _cluster_tokens(shown)
            if used + needed <= room * share:
                yield shown
                used += needed
                break


def _shortened(findings: Iterable[SpokenFinding]) -> tuple[SpokenFinding, ...]:
    return tuple(replace(each, finding=shorten(each.finding)) for each in findings)


def _of_told(item: DiscussedItem, told: frozenset[str]) -> DiscussedItem:
    known = tuple(each for each in item.findings if each.finding.id in told)
    return replace(item, findings=known)


def _untold(
    task: SynthesisTask,
    *,
    clusters: Iterable[SynthesizedCluster],
    items: tuple[DiscussedItem, ...],
) -> Iterator[str]:
    """Yield in words what the author should know that the text does not."""
    shown = {each.finding.id: each.finding for c in clusters for each in c.findings}
    whole = [each.finding for c in task.clusters for each in c.findings]
    titles = [each for each in whole if _is_shorter(shown.get(each.id), each)]
    left_out = [each for each in whole if each.id not in shown]
    if titles:
        yield f"Of {_counted(titles)} this text knows the titles alone."
    if left_out:
        are = "is" if len(left_out) == 1 else "are"
        stand = "it stands" if len(left_out) == 1 else "they stand"
        yield f"{_counted(left_out)} {are} not in this text; {stand} below."
    if len(items) < len(task.items):
        lost = f"{len(task.items) - len(items)} of {len(task.items)}"
        yield f"What was said of {lost} items on the agenda is not in this text."


def _is_shorter(shown: Finding | None, whole: Finding) -> bool:
    return shown is not None and shown != whole


def _counted(findings: list[Finding]) -> str:
    most = gravest(each.severity for each in findings)
    noun = "finding" if len(findings) == 1 else "findings"
    return f"{len(findings)} {noun} ({most} at most)"
