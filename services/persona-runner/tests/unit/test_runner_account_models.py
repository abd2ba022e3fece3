"""Which models are known of an account, and when it is asked."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from roundtable_runner.claude.account import Access, endpoint_access
from roundtable_runner.claude.account_models import (
    AccountModels,
    ModelList,
    ModelsUnknown,
    ask_endpoint,
)

_ONE = endpoint_access("http://one.example")
_OTHER = endpoint_access("http://other.example")
_LIST = ModelList(("small", "large"), "small")


class _Clock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 1, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds


class _Account:
    """Answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[Access] = []
        self.answer: ModelList | None = _LIST
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.is_asked = asyncio.Event()

    async def ask(self, access: Access) -> ModelList:
        self.asked.append(access)
        self.is_asked.set()
        await self.may_answer.wait()
        if self.answer is None:
            raise ModelsUnknown("no list")
        return self.answer


@pytest.fixture
def clock() -> _Clock:
    """Time that stands still."""
    return _Clock()


@pytest.fixture
def account() -> _Account:
    """An account that answers at once."""
    return _Account()


@pytest.fixture
async def models(account: _Account, clock: _Clock) -> AsyncIterator[AccountModels]:
    """What is known of it."""
    models = AccountModels(account.ask, clock)
    yield models
    await models.stop()


async def _settle() -> None:
    """Let what asks come to its end."""
    tasks = [task for task in asyncio.all_tasks() if task.get_name() == "models"]
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_nobody_waits_for_the_models(
    models: AccountModels, account: _Account
) -> None:
    """They are empty at first, and there once the account has answered."""
    account.may_answer.clear()
    first = models.look(_ONE)
    await account.is_asked.wait()
    meanwhile = models.look(_ONE)
    account.may_answer.set()
    await _settle()

    assert (first, meanwhile) == (ModelList(), ModelList())
    assert models.look(_ONE) == _LIST
    assert account.asked == [_ONE]


async def test_old_models_are_asked_for_again_and_kept_meanwhile(
    models: AccountModels, account: _Account, clock: _Clock
) -> None:
    """What is known stays until there is better."""
    models.look(_ONE)
    await _settle()
    account.answer = ModelList(("new",))
    clock.seconds += 599
    models.look(_ONE)
    fresh = len(account.asked)

    clock.seconds += 1
    meanwhile = models.look(_ONE)
    await _settle()

    assert fresh == 1
    assert meanwhile == _LIST
    assert models.look(_ONE) == ModelList(("new",))


async def test_an_account_that_does_not_tell_is_left_alone_for_a_minute(
    models: AccountModels, account: _Account, clock: _Clock
) -> None:
    """And has no models meanwhile."""
    account.answer = None
    models.look(_ONE)
    await _settle()
    silent = models.look(_ONE)
    await _settle()
    account.answer = _LIST
    clock.seconds += 60
    models.look(_ONE)
    await _settle()

    assert silent == ModelList()
    assert len(account.asked) == 2
    assert models.look(_ONE) == _LIST


async def test_another_account_has_models_of_its_own(
    models: AccountModels, account: _Account
) -> None:
    """What the one offered says nothing of the other, nor does its late answer."""
    account.may_answer.clear()
    models.look(_ONE)
    await account.is_asked.wait()
    account.is_asked.clear()
    changed = models.look(_OTHER)
    await _settle()
    models.look(_OTHER)
    account.answer = ModelList(("theirs",))
    account.may_answer.set()
    await _settle()

    assert changed == ModelList()
    assert models.look(_OTHER) == ModelList(("theirs",))
    assert models.look(None) == ModelList()


async def test_nothing_asks_on_when_the_runner_stops(
    models: AccountModels, account: _Account
) -> None:
    """An account that never answers holds nobody up."""
    account.may_answer.clear()
    models.look(_ONE)
    await account.is_asked.wait()

    await models.stop()

    assert not [task for task in asyncio.all_tasks() if task.get_name() == "models"]


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ('{"data": [{"id": "a"}, {"id": "b"}, {"id": "a"}]}', ("a", "b")),
        ('{"object": "list", "data": []}', ()),
        ('{"data": [{"id": 7}, {"name": "x"}, "y", {"id": "ok"}]}', ("ok",)),
        ('{"data": [{"id": "' + "x" * 201 + '"}]}', ()),
        ('{"data": {"id": "a"}}', None),
        ('{"models": []}', None),
        ("[]", None),
        ("no json", None),
        ('{"data": "' + "x" * 2_000_000 + '"}', None),
    ],
)
async def test_endpoint_is_believed_only_a_list(
    answer: str, names: tuple[str, ...] | None
) -> None:
    """Whatever else it sends is no list; none of it is kept."""
    async with _serving("200 OK", answer) as url:
        if names is None:
            with pytest.raises(ModelsUnknown):
                await ask_endpoint(endpoint_access(url), {})
            return
        models = await ask_endpoint(endpoint_access(url), {})

    assert models == ModelList(names)


@pytest.mark.parametrize(
    "status", ["401 No", "404 No", "500 No", "302 There\r\nlocation: /v1/other"]
)
async def test_endpoint_that_refuses_has_no_list(status: str) -> None:
    """A redirection is a refusal: the credential goes nowhere else."""
    async with _serving(status, '{"data": [{"id": "a"}]}') as url:
        with pytest.raises(ModelsUnknown):
            await ask_endpoint(endpoint_access(url, auth_token="t"), {})


async def test_endpoint_that_is_away_has_no_list() -> None:
    """Nobody listens there."""
    async with _serving("200 OK", "") as url:
        pass

    with pytest.raises(ModelsUnknown):
        await ask_endpoint(endpoint_access(url), {})


async def test_authorities_that_can_not_be_read_leave_no_list(tmp_path: Path) -> None:
    """The list is unknown, and nothing else breaks."""
    network = {"NODE_EXTRA_CA_CERTS": str(tmp_path / "missing.pem")}

    with pytest.raises(ModelsUnknown):
        await ask_endpoint(endpoint_access("https://models.invalid"), network)


@contextlib.asynccontextmanager
async def _serving(status: str, body: str) -> AsyncIterator[str]:
    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 {status}\r\nconnection: close\r\n"
        writer.write(f"{head}content-length: {len(body)}\r\n\r\n{body}".encode())
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
