"""Clusters, agenda, stances and synthesis over a real server."""

from collections.abc import Callable

import grpc
import pytest

from roundtable.store.v1 import event_pb2, process_pb2, turn_pb2
from roundtable_kit.errors import FailedPrecondition, InvalidArgument
from services.store.tests.discussion_samples import (
    agenda_set,
    clusters_set,
    stance_changed,
    synthesis_set,
)
from services.store.tests.store_harness import (
    StoreHarness,
    decision_set,
    refused,
    run_incomplete,
    turn_completed,
    turn_failed,
    turn_started,
    turn_superseded,
)


def _spoil(
    payload: event_pb2.EventPayload, change: Callable[[event_pb2.EventPayload], None]
) -> event_pb2.EventPayload:
    change(payload)
    return payload


def _cluster(payload: event_pb2.EventPayload) -> process_pb2.Cluster:
    return payload.clusters_set.clusters[0]


def _stance(payload: event_pb2.EventPayload) -> process_pb2.Stance:
    return payload.stance_changed.stance


def _synthesis(payload: event_pb2.EventPayload) -> process_pb2.Synthesis:
    return payload.synthesis_set.synthesis


async def test_run_shows_what_its_panel_made_of_the_findings(
    store: StoreHarness,
) -> None:
    """Clusters, agenda, stances in order and synthesis are projections of the log."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    before = await store.detail(run.run_id)

    clusters, agenda, synthesis = clusters_set("K1"), agenda_set("I1"), synthesis_set()
    stances = [stance_changed(text) for text in ("one", "two", "three")]
    await conductor.append(clusters, agenda, turn_started())
    await conductor.append(*stances, turn_completed(), synthesis)
    await conductor.append(run_incomplete())

    after = await store.detail(run.run_id)
    assert [*before.clusters, *before.agenda, *before.stances] == []
    assert not before.HasField("synthesis")
    assert list(after.clusters) == list(clusters.clusters_set.clusters)
    assert list(after.agenda) == list(agenda.agenda_set.items)
    assert list(after.stances) == [_stance(stance) for stance in stances]
    assert after.synthesis == _synthesis(synthesis)


async def test_what_is_set_again_replaces(store: StoreHarness) -> None:
    """Clusters and synthesis are those that were set last, even if there are none."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(clusters_set("K1", "K2"), synthesis_set("Old."))

    await conductor.append(synthesis_set("New."), clusters_set())

    detail = await store.detail(run.run_id)
    assert list(detail.clusters) == []
    assert [sentence.text for sentence in detail.synthesis.sentences] == ["New."]


async def test_new_agenda_voids_what_was_said(store: StoreHarness) -> None:
    """Stances on an agenda that no longer stands are of the log alone."""
    run = await store.create_run()
    other = await store.create_run()
    bystander = await store.started(other.run_id)
    await bystander.append(agenda_set("I1"), turn_started(), stance_changed("theirs"))
    conductor = await store.started(run.run_id)
    await conductor.append(agenda_set("I1"), turn_started(), stance_changed("void"))

    await conductor.append(agenda_set("I2"), stance_changed("stands"))

    detail = await store.detail(run.run_id)
    assert [item.item_id for item in detail.agenda] == ["I2"]
    assert [stance.argument for stance in detail.stances] == ["stands"]
    kept = (await store.detail(other.run_id)).stances
    assert [stance.argument for stance in kept] == ["theirs"]


async def test_new_decision_voids_the_synthesis(store: StoreHarness) -> None:
    """What the moderator wrote on another outcome is of the log alone."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(clusters_set("K1"), decision_set(), synthesis_set())
    before = await store.detail(run.run_id)

    await conductor.append(decision_set())

    after = await store.detail(run.run_id)
    assert before.HasField("synthesis")
    assert (after.HasField("decision"), after.HasField("synthesis")) == (True, False)
    assert list(after.clusters) == list(before.clusters)


async def test_superseded_attempt_takes_its_stances_along(store: StoreHarness) -> None:
    """What a lost attempt said is not said."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(turn_started("t0"), stance_changed("kept", turn_id="t0"))
    await conductor.append(
        turn_started(), stance_changed("lost"), turn_failed(will_retry=True)
    )

    await conductor.append(
        turn_superseded(),
        turn_started(attempt=2),
        stance_changed("said", attempt=2),
    )

    stances = (await store.detail(run.run_id)).stances
    assert [stance.argument for stance in stances] == ["kept", "said"]


async def test_only_a_running_attempt_takes_a_stance(store: StoreHarness) -> None:
    """A stance belongs to the turn that it comes from."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(turn_started(), turn_completed())

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(stance_changed())

    error = refused(caught.value)
    assert isinstance(error, FailedPrecondition)
    assert error.reason == "ILLEGAL_EVENT"


@pytest.mark.parametrize(
    "payload", [clusters_set("K1"), agenda_set("I1"), synthesis_set()]
)
async def test_nothing_is_made_of_findings_behind_the_end(
    store: StoreHarness, payload: event_pb2.EventPayload
) -> None:
    """An ended run is as it ended."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    await conductor.append(run_incomplete())

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(payload)

    assert refused(caught.value).reason == "ILLEGAL_EVENT"


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        (
            _spoil(clusters_set("K1"), lambda p: _cluster(p).ClearField("severity")),
            "clusters_set.clusters[0].severity",
        ),
        (
            _spoil(clusters_set("K1"), lambda p: _cluster(p).ClearField("finding_ids")),
            "clusters_set.clusters[0].finding_ids",
        ),
        (
            _spoil(clusters_set("K1"), lambda p: _cluster(p).finding_ids.reverse()),
            "clusters_set.clusters[0].finding_ids",
        ),
        (
            _spoil(
                clusters_set("K1"), lambda p: _cluster(p).links[0].ClearField("rule")
            ),
            "clusters_set.clusters[0].links[0].rule",
        ),
        (
            _spoil(
                clusters_set("K1"),
                lambda p: _cluster(p).links[0].ClearField("second_finding_id"),
            ),
            "clusters_set.clusters[0].links[0].second_finding_id",
        ),
        (
            _spoil(
                agenda_set("I1"), lambda p: p.agenda_set.items[0].ClearField("reason")
            ),
            "agenda_set.items[0].reason",
        ),
        (agenda_set(""), "agenda_set.items[0].item_id"),
        (
            _spoil(stance_changed(), lambda p: _stance(p).ClearField("move")),
            "stance_changed.stance.move",
        ),
        (
            _spoil(stance_changed(), lambda p: _stance(p).ClearField("position")),
            "stance_changed.stance.position",
        ),
        (
            _spoil(stance_changed(), lambda p: _stance(p).ClearField("item_id")),
            "stance_changed.stance.item_id",
        ),
        (
            _spoil(stance_changed(), lambda p: _stance(p).ClearField("round")),
            "stance_changed.stance.round",
        ),
        (
            _spoil(stance_changed(), lambda p: _stance(p).ClearField("turn_id")),
            "stance_changed.stance.turn_id",
        ),
        (
            _spoil(
                stance_changed(), lambda p: _stance(p).quotes[0].ClearField("status")
            ),
            "stance_changed.stance.quotes[0].status",
        ),
        (
            _spoil(stance_changed(), lambda p: p.ClearField("turn_id")),
            "turn_id",
        ),
        (
            _spoil(synthesis_set(), lambda p: _synthesis(p).ClearField("sentences")),
            "synthesis_set.synthesis.sentences",
        ),
        (
            _spoil(
                synthesis_set(),
                lambda p: _synthesis(p).sentences[0].ClearField("finding_ids"),
            ),
            "synthesis_set.synthesis.sentences[0].finding_ids",
        ),
        (
            _spoil(
                synthesis_set(),
                lambda p: _synthesis(p).minority.extend(
                    [process_pb2.SynthesisSentence(finding_ids=["A1"])]
                ),
            ),
            "synthesis_set.synthesis.minority[0].text",
        ),
        (
            _spoil(synthesis_set(), lambda p: setattr(p, "turn_id", "t1")),
            "turn_id",
        ),
        (
            event_pb2.EventPayload(run_reopened=event_pb2.RunReopened()),
            "run_reopened",
        ),
        (
            event_pb2.EventPayload(
                disposition_set=event_pb2.DispositionSet(
                    finding_id="A1", disposition=turn_pb2.DISPOSITION_OPEN, by="me"
                )
            ),
            "disposition_set",
        ),
    ],
)
async def test_fact_that_is_not_whole_is_refused(
    store: StoreHarness, payload: event_pb2.EventPayload, field: str
) -> None:
    """The conductor learns which field is wrong, and the log stays as it is."""
    run = await store.create_run()
    conductor = await store.started(run.run_id)
    last_sequence = await conductor.append(turn_started())

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await conductor.append(payload)

    error = refused(caught.value)
    assert isinstance(error, InvalidArgument)
    fields = {violation.field for violation in error.violations}
    assert f"events[0].payload.{field}" in fields
    assert (await store.detail(run.run_id)).run.last_sequence == last_sequence
