"""The runner's clients over a real connection, and the choice of an engine."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import grpc
import pytest

from roundtable.runner.v1 import runner_service_pb2, turn_part_pb2, turn_service_pb2
from roundtable_gateway.clients.engines import EngineChoice
from roundtable_gateway.clients.peer_health import PeerHealth
from roundtable_gateway.clients.runner_info import RunnerInfo
from roundtable_gateway.clients.runner_turns import RunnerTurns
from roundtable_gateway.conductor.parts import Attached, TextPart, TurnOrder
from roundtable_gateway.conductor.tasks import ReviewTask
from roundtable_gateway.domain.event import TurnRef
from roundtable_gateway.domain.run import Account, Effort, Engine
from roundtable_gateway.domain.runner import RunnerState
from roundtable_kit.errors import Internal, NotFound, ResourceExhausted, Unavailable
from roundtable_kit.rpc_client import open_channel
from services.gateway.tests.support.fake_runner_service import (
    FakeRunnerService,
    full,
    not_there,
    serve_runner,
)
from services.gateway.tests.support.http_harness import RUNNER
from services.gateway.tests.support.task_samples import SEAT, SUBJECT

_REF = TurnRef("run_1-1-A", 2)
_PARTS = [
    turn_part_pb2.TurnPart(
        index=index, text=turn_part_pb2.TextPart(text=f"word{index}", draft=1)
    )
    for index in range(5)
]


@pytest.fixture
def service() -> FakeRunnerService:
    """A runner with an attempt of five words."""
    return FakeRunnerService(_PARTS)


@pytest.fixture
async def channel(service: FakeRunnerService) -> AsyncIterator[grpc.aio.Channel]:
    """A channel to the runner."""
    async with serve_runner(service) as opened:
        yield opened


@pytest.fixture
def turns(channel: grpc.aio.Channel) -> RunnerTurns:
    """The conductor's view of the runner."""
    return RunnerTurns(channel, "127.0.0.1:7403")


def _order(engine: Engine = Engine.CLAUDE) -> TurnOrder:
    return TurnOrder(
        run_id="run_1",
        fencing_token=3,
        turn_id=_REF.turn_id,
        attempt=_REF.attempt,
        engine=engine,
        model=None,
        effort=Effort.LOW,
        task=ReviewTask(SUBJECT, SEAT),
    )


async def test_order_reaches_the_runner_whole(
    turns: RunnerTurns, service: FakeRunnerService
) -> None:
    """Place, persona, criteria, paragraphs and brief."""
    await turns.start(_order())

    (request,) = service.starts
    review = request.review
    assert (request.run_id, request.fencing_token) == ("run_1", 3)
    assert (request.turn_id, request.attempt) == (_REF.turn_id, 2)
    assert request.engine == turn_service_pb2.TURN_ENGINE_CLAUDE
    assert (request.model, request.effort) == ("", "low")
    assert review.seat.panelist_id == "A"
    assert (review.seat.persona.name, review.seat.persona.method) == ("Robin", "attack")
    assert [each.key for each in review.subject.criteria] == ["evidence", "clarity"]
    assert review.seat.owned_criteria == ["evidence"]
    assert [
        (each.paragraph_id, each.text) for each in review.subject.document.paragraphs
    ] == [
        ("P1", "Our backups never fail."),
        ("P2", "Ship it by Friday."),
    ]
    assert (review.subject.brief.audience, review.subject.brief.goal) == ("Buyers", "")


@pytest.mark.parametrize(
    ("engine", "wire"),
    [
        (Engine.CLAUDE, turn_service_pb2.TURN_ENGINE_CLAUDE),
        (Engine.ENDPOINT, turn_service_pb2.TURN_ENGINE_ENDPOINT),
        (Engine.REHEARSAL, turn_service_pb2.TURN_ENGINE_REHEARSAL),
    ],
)
async def test_engine_is_asked_for_by_name(
    turns: RunnerTurns, service: FakeRunnerService, engine: Engine, wire: int
) -> None:
    """A rehearsed run never gets to an account, nor the other way round."""
    await turns.start(_order(engine))

    assert service.starts[0].engine == wire


async def test_full_runner_is_told_apart(
    turns: RunnerTurns, service: FakeRunnerService
) -> None:
    """No slot is another thing than no runner."""
    service.error = full()

    with pytest.raises(ResourceExhausted):
        await turns.start(_order())


async def test_parts_come_from_an_index_on(
    turns: RunnerTurns, service: FakeRunnerService
) -> None:
    """One by one, however the runner packs them."""
    parts = [part async for part in turns.attach(_REF, 2)]

    assert parts == [TextPart(index, f"word{index}", 1) for index in (2, 3, 4)]
    (request,) = service.attaches
    assert (request.turn_id, request.attempt) == (_REF.turn_id, 2)


async def test_runner_tells_that_it_has_the_attempt(
    turns: RunnerTurns, service: FakeRunnerService
) -> None:
    """Its first answer may hold no part: the turn is there, and silent."""
    service.greets = True

    parts = [part async for part in turns.attach(_REF, 4)]

    assert parts == [Attached(), TextPart(4, "word4", 1)]


async def test_attempt_that_is_not_there_is_not_found(
    turns: RunnerTurns, service: FakeRunnerService
) -> None:
    """Attaching says so; cancelling finds it done already."""
    service.error = not_there()

    with pytest.raises(NotFound):
        await anext(turns.attach(_REF, 0))
    await turns.cancel("run_1", _REF, fencing_token=3)

    (request,) = service.cancels
    assert (request.run_id, request.fencing_token) == ("run_1", 3)
    assert (request.turn_id, request.attempt) == (_REF.turn_id, 2)


async def test_runner_that_is_not_there_is_unavailable() -> None:
    """Every call says so, and health says no."""
    channel = open_channel("127.0.0.1:1")
    try:
        turns = RunnerTurns(channel, "127.0.0.1:1")
        with pytest.raises(Unavailable):
            await turns.start(_order())
        with pytest.raises(Unavailable):
            await anext(turns.attach(_REF, 0))
        with pytest.raises(Unavailable):
            await RunnerInfo(channel).look()
        assert not await PeerHealth(channel, channel).is_runner_serving()
    finally:
        await channel.close()


async def test_health_is_the_peers_own(channel: grpc.aio.Channel) -> None:
    """A server that serves is healthy."""
    health = PeerHealth(channel, channel)

    assert await health.is_store_serving()
    assert await health.is_runner_serving()


@pytest.mark.parametrize("account", list(Account))
async def test_account_is_the_runners(
    channel: grpc.aio.Channel, service: FakeRunnerService, account: Account
) -> None:
    """Every account that there is has its name on the wire."""
    service.account = runner_service_pb2.Account.Value(f"ACCOUNT_{account.name}")

    assert (await RunnerInfo(channel).look()).account is account


async def test_unknown_account_is_said_to_be_so(
    channel: grpc.aio.Channel, service: FakeRunnerService
) -> None:
    """A newer runner's account is an error with a remedy, not a crash."""
    service.account = runner_service_pb2.ACCOUNT_UNSPECIFIED

    with pytest.raises(Internal) as caught:
        await RunnerInfo(channel).look()

    assert caught.value.reason == "UNKNOWN_VALUE"


class _Memory:
    """What an installation remembers."""

    def __init__(self, *, has_account: bool = False) -> None:
        self.has_account = has_account
        self.records = 0

    async def record_account(self) -> None:
        """Note an account."""
        self.records += 1
        self.has_account = True

    async def had_account(self) -> bool:
        """Tell whether one was noted."""
        return self.has_account


class _PaidBy:
    """A runner that says how it is paid for."""

    def __init__(self, account: Account) -> None:
        self.said = account

    async def look(self) -> RunnerState:
        """Say it."""
        return replace(RUNNER, account=self.said)


@pytest.mark.parametrize(
    ("account", "had_account", "engine"),
    [
        (Account.NONE, False, Engine.REHEARSAL),
        (Account.NONE, True, Engine.CLAUDE),
        (Account.ENDPOINT, False, Engine.ENDPOINT),
        (Account.SUBSCRIPTION, False, Engine.CLAUDE),
        (Account.TOKEN, True, Engine.CLAUDE),
        (Account.API_KEY, True, Engine.CLAUDE),
    ],
)
async def test_engine_follows_the_account(
    account: Account,
    had_account: bool,  # noqa: FBT001 - a row of the table
    engine: Engine,
) -> None:
    """Rules answer only where no account was ever there."""
    choice = EngineChoice(_PaidBy(account), _Memory(has_account=had_account))

    assert await choice.for_new_run() is engine
    assert await choice.look() == (engine, replace(RUNNER, account=account))


async def test_account_is_noted_once() -> None:
    """Losing it later is not taken for never having had one."""
    runner, memory = _PaidBy(Account.TOKEN), _Memory()
    choice = EngineChoice(runner, memory)

    await asyncio.gather(choice.for_new_run(), choice.look())
    await choice.for_new_run()
    runner.said = Account.NONE

    assert await choice.for_new_run() is Engine.CLAUDE
    assert memory.records == 1
