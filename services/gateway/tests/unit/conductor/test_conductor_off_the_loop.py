"""What takes long is no work for the event loop, which serves everybody."""

import threading
from collections.abc import Iterable

import pytest

from roundtable_gateway.conductor.cluster_building import ranked_anew
from roundtable_gateway.conductor.stages import agenda, discussion
from roundtable_gateway.domain.cluster import Cluster
from roundtable_gateway.domain.finding import Finding
from services.gateway.tests.support.conducting import drive
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.whole_roundtable import SCRIPTS, whole_roundtable


@pytest.mark.parametrize("stage", [agenda, discussion])
async def test_clusters_are_ranked_on_a_thread(
    stage: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a thousand findings that takes seconds."""
    threads = []

    def ranked(
        clusters: Iterable[Cluster], findings: Iterable[Finding]
    ) -> tuple[Cluster, ...]:
        threads.append(threading.current_thread())
        return ranked_anew(clusters, findings)

    monkeypatch.setattr(stage, "ranked_anew", ranked)

    await drive(FakeLedger(whole_roundtable()), FakeRunner(**SCRIPTS))

    assert threads
    assert threading.main_thread() not in threads
