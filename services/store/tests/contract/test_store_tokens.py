"""Tokens and sessions over the wire: made, used, listed, ended; never forged."""

import hashlib
import random
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from sqlalchemy import text

from roundtable.store.v1 import caller_pb2
from roundtable.store.v1 import token_service_pb2 as pb2
from roundtable_kit.errors import (
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    Unauthenticated,
)
from roundtable_store.records.tokens import MAX_SESSIONS, MAX_TOKENS
from roundtable_store.sql.engine import open_reader, parse_url
from services.store.tests.store_harness import (
    ALICE,
    BOB,
    GATEWAY,
    StoreHarness,
    refused,
)

_DAY = timedelta(days=1)
_PERSONAL, _SESSION = pb2.TOKEN_KIND_PERSONAL, pb2.TOKEN_KIND_SESSION


async def _create(
    store: StoreHarness,
    caller: caller_pb2.Caller = ALICE,
    *,
    name: str = "laptop",
    days: int = 0,
    request_id: str = "",
) -> pb2.CreateTokenResponse:
    return await store.tokens.CreateToken(
        pb2.CreateTokenRequest(
            caller=caller,
            request_id=request_id or store.new_key(),
            name=name,
            lifetime_days=days,
        )
    )


async def _session(
    store: StoreHarness, secret: str, *, request_id: str = ""
) -> pb2.CreateSessionResponse:
    return await store.tokens.CreateSession(
        pb2.CreateSessionRequest(
            caller=GATEWAY, request_id=request_id or store.new_key(), secret=secret
        )
    )


async def _whose(
    store: StoreHarness, secret: str, kind: pb2.TokenKind.ValueType = _PERSONAL
) -> pb2.AuthenticateTokenResponse | None:
    """Return whose a secret is; None when it is refused as any bad one is."""
    request = pb2.AuthenticateTokenRequest(caller=GATEWAY, secret=secret, kind=kind)
    try:
        return await store.tokens.AuthenticateToken(request)
    except grpc.aio.AioRpcError as call_error:
        error = refused(call_error)
        assert isinstance(error, Unauthenticated)
        assert error.reason == "TOKEN_INVALID"
        return None


async def _names(store: StoreHarness, caller: caller_pb2.Caller = ALICE) -> list[str]:
    response = await store.tokens.ListTokens(pb2.ListTokensRequest(caller=caller))
    return [token.name for token in response.tokens]


async def _delete(
    store: StoreHarness, token_id: str, caller: caller_pb2.Caller = ALICE
) -> None:
    await store.tokens.DeleteToken(
        pb2.DeleteTokenRequest(caller=caller, request_id="d", token_id=token_id)
    )


def _database_files(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.glob("store.db*")]


def _person(email: str) -> caller_pb2.Caller:
    return caller_pb2.Caller(kind=caller_pb2.CALLER_KIND_USER, email=email)


async def test_token_tells_whose_it_is(store: StoreHarness) -> None:
    """The secret leads to its owner until it expires, 90 days later by default."""
    created = await _create(store)

    whose = await _whose(store, created.secret)

    assert whose is not None
    assert (whose.email, whose.token_id, whose.kind) == (
        *(ALICE.email, created.token.token_id, _PERSONAL),
    )
    assert whose.expire_time == created.token.expire_time
    lifetime = created.token.expire_time.ToDatetime(UTC) - store.clock.now()
    assert lifetime == 90 * _DAY
    assert created.secret.startswith("rt_")
    assert len(created.secret) == len("rt_") + 64


async def test_no_secret_is_kept(store: StoreHarness, tmp_path: Path) -> None:
    """What lies on disk is the SHA-256, in its own column and nowhere else."""
    created = await _create(store)
    session = await _session(store, created.secret)

    files = _database_files(tmp_path)
    engine = open_reader(parse_url(f"sqlite:///{tmp_path}/store.db"))
    with engine.connect() as connection:
        digests = set(connection.execute(text("SELECT digest FROM tokens")).scalars())
    engine.dispose()

    secrets = [created.secret, session.secret]
    assert digests == {hashlib.sha256(each.encode()).digest() for each in secrets}
    for secret in secrets:
        assert not any(secret.partition("_")[2].encode() in file for file in files)


async def test_expired_token_is_refused_and_forgotten(store: StoreHarness) -> None:
    """From its last moment on; the next create drops its row."""
    created = await _create(store, days=1)

    store.clock.advance(_DAY - timedelta(microseconds=1))
    before = await _whose(store, created.secret)
    store.clock.advance(timedelta(microseconds=1))

    assert before is not None
    assert await _whose(store, created.secret) is None
    assert await _names(store) == []
    await _create(store, name="next")
    store.clock.advance(-_DAY)
    assert await _names(store) == ["next"]


async def test_deleted_token_is_refused_at_once(store: StoreHarness) -> None:
    """And so are its sessions; other tokens go on."""
    created, other = await _create(store), await _create(store, name="other")
    session = await _session(store, created.secret)
    other_session = await _session(store, other.secret)

    await _delete(store, created.token.token_id)

    assert await _whose(store, created.secret) is None
    assert await _whose(store, session.secret, _SESSION) is None
    assert await _whose(store, other.secret) is not None
    assert await _whose(store, other_session.secret, _SESSION) is not None
    assert await _names(store) == ["other"]


async def test_anothers_token_is_not_found(store: StoreHarness) -> None:
    """Bob can't tell Alice's token from one that there is not; nor delete a session."""
    created = await _create(store)
    session = await _session(store, created.secret)
    whose = await _whose(store, session.secret, _SESSION)
    assert whose is not None

    for caller, token_id in (
        (BOB, created.token.token_id),
        (BOB, "tok_none"),
        (ALICE, whose.token_id),
    ):
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await _delete(store, token_id, caller)
        error = refused(caught.value)
        assert isinstance(error, NotFound)
        assert error.reason == "TOKEN_NOT_FOUND"

    assert await _whose(store, created.secret) is not None
    assert await _names(store, BOB) == []


async def test_lists_are_paged_and_tell_no_secret(store: StoreHarness) -> None:
    """Newest first, personal ones only, without secret or digest."""
    created = []
    for name in ("a", "b", "c"):
        created.append(await _create(store, name=name))
        store.clock.advance(timedelta(seconds=1))
    await _session(store, created[0].secret)

    first = await store.tokens.ListTokens(
        pb2.ListTokensRequest(caller=ALICE, page_size=2)
    )
    second = await store.tokens.ListTokens(
        pb2.ListTokensRequest(
            caller=ALICE, page_size=2, page_token=first.next_page_token
        )
    )

    assert [token.name for token in first.tokens] == ["c", "b"]
    assert [token.name for token in second.tokens] == ["a"]
    assert second.next_page_token == ""
    fields = {field.name for field in pb2.Token.DESCRIPTOR.fields}
    assert fields == {"token_id", "name", "create_time", "expire_time", "last_use_time"}


async def test_addresses_are_one_whatever_their_case(store: StoreHarness) -> None:
    """Whoever writes the address another way is the same owner."""
    created = await _create(store, _person("Alice@EXAMPLE.com"))

    whose = await _whose(store, created.secret)
    assert whose is not None
    assert whose.email == "alice@example.com"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"lifetime_days": -1}, "lifetime_days"),
        ({"lifetime_days": 367}, "lifetime_days"),
        ({"request_id": ""}, "request_id"),
        ({"caller": _person("alice")}, "caller.email"),
        ({"caller": _person("a b@x.y")}, "caller.email"),
        ({"caller": _person("a@x.y\n")}, "caller.email"),
        ({"caller": _person("a,b@x.y")}, "caller.email"),
        (
            {"caller": _person(f"a@{'x.' * 127}y")},
            "caller.email",
        ),
    ],
)
async def test_wrong_field_is_named(
    store: StoreHarness, fields: dict[str, object], wrong: str
) -> None:
    """Names are one line, lifetimes 1 to 366 days, owners e-mail addresses."""
    good: dict[str, object] = {"caller": ALICE, "request_id": "t", "name": "x"}
    request = pb2.CreateTokenRequest(**{**good, **fields})  # type: ignore[arg-type]  # a table of fields

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.tokens.CreateToken(request)

    error = refused(caught.value)
    assert isinstance(error, InvalidArgument)
    assert [violation.field for violation in error.violations] == [wrong]


async def test_repeated_create_replaces_what_nobody_read(store: StoreHarness) -> None:
    """The same request again: one token and one session, with the newer secrets."""
    first = await _create(store, request_id="again")
    second = await _create(store, request_id="again")
    lost = await _session(store, second.secret, request_id="once more")
    kept = await _session(store, second.secret, request_id="once more")

    assert await _whose(store, first.secret) is None
    assert await _whose(store, second.secret) is not None
    assert await _whose(store, lost.secret, _SESSION) is None
    assert await _whose(store, kept.secret, _SESSION) is not None
    assert await _names(store) == ["laptop"]


async def test_one_token_too_many_is_refused(store: StoreHarness) -> None:
    """A person has a bounded number of them; another's do not count."""
    for _ in range(MAX_TOKENS):
        await _create(store)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await _create(store)

    error = refused(caught.value)
    assert isinstance(error, FailedPrecondition)
    assert error.reason == "TOO_MANY_TOKENS"
    await _create(store, BOB)
    assert len(await _names(store, BOB)) == 1


async def test_the_oldest_session_makes_room(store: StoreHarness) -> None:
    """Signing in never fails for too many sessions: the oldest one ends."""
    created = await _create(store)
    sessions = []
    for _ in range(MAX_SESSIONS + 1):
        store.clock.advance(timedelta(seconds=1))
        sessions.append(await _session(store, created.secret))

    alive = [await _whose(store, each.secret, _SESSION) for each in sessions]

    assert alive[0] is None
    assert None not in alive[1:]


async def test_session_ends_by_itself_but_never_after_its_token(
    store: StoreHarness,
) -> None:
    """Thirty days, or fewer where the token has fewer."""
    long, short = await _create(store, days=366), await _create(store, days=7)

    month = await _session(store, long.secret)
    week = await _session(store, short.secret)

    now = store.clock.now()
    assert month.expire_time.ToDatetime(UTC) - now == 30 * _DAY
    assert week.expire_time == short.token.expire_time
    store.clock.advance(7 * _DAY)
    assert await _whose(store, week.secret, _SESSION) is None
    assert await _whose(store, month.secret, _SESSION) is not None
    store.clock.advance(23 * _DAY)
    assert await _whose(store, month.secret, _SESSION) is None


async def test_ended_session_is_refused(store: StoreHarness) -> None:
    """Its token goes on; ending again, or ending nonsense, changes nothing."""
    created = await _create(store)
    session, other = [await _session(store, created.secret) for _ in range(2)]

    for secret in (session.secret, session.secret, created.secret, "", "rts_x"):
        await store.tokens.EndSession(
            pb2.EndSessionRequest(caller=GATEWAY, secret=secret)
        )

    assert await _whose(store, session.secret, _SESSION) is None
    assert await _whose(store, other.secret, _SESSION) is not None
    assert await _whose(store, created.secret) is not None


async def test_one_kind_does_not_stand_for_the_other(store: StoreHarness) -> None:
    """A session is no token, a token no session, and a session makes none."""
    created = await _create(store)
    session = await _session(store, created.secret)

    assert await _whose(store, created.secret, _SESSION) is None
    assert await _whose(store, session.secret, _PERSONAL) is None
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await _session(store, session.secret)
    assert isinstance(refused(caught.value), Unauthenticated)


async def test_kind_must_be_said(store: StoreHarness) -> None:
    """An unspecified kind would stand for either."""
    created = await _create(store)

    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await store.tokens.AuthenticateToken(
            pb2.AuthenticateTokenRequest(caller=GATEWAY, secret=created.secret)
        )

    assert isinstance(refused(caught.value), InvalidArgument)


async def test_day_of_the_last_use_is_noted(store: StoreHarness) -> None:
    """To the day, of the token or a session of it; never before the first use."""
    created = await _create(store)
    session = await _session(store, created.secret)
    seen: list[datetime | None] = []

    async def note() -> None:
        response = await store.tokens.ListTokens(pb2.ListTokensRequest(caller=ALICE))
        (token,) = response.tokens
        used = token.HasField("last_use_time")
        seen.append(token.last_use_time.ToDatetime(UTC) if used else None)

    await note()
    await _whose(store, created.secret)
    await note()
    store.clock.advance(_DAY)
    await _whose(store, session.secret, _SESSION)
    await note()

    midnight = datetime(2026, 1, 1, tzinfo=UTC)
    assert seen == [None, midnight, midnight + _DAY]


def _mutants(secret: str, chance: random.Random) -> set[str]:
    """Return what a forger might try who knows a good secret but for a detail."""
    alphabet = string.ascii_letters + string.digits + "_-. \t\n\0é"
    mutants = {"", " ", "rt_", "rts_", secret * 2, secret.upper(), secret[::-1]}
    mutants |= {f"{prefix}{secret}" for prefix in (" ", "Bearer ", "rt_", "\0")}
    mutants |= {f"{secret}{suffix}" for suffix in (" ", "\n", "\0", "0", "%00", "=")}
    mutants |= {secret[:length] for length in range(len(secret))}
    mutants |= {secret[start:] for start in range(1, len(secret))}
    mutants |= {secret.replace("rt_", other) for other in ("", "rts_", "RT_", "xx_")}
    mutants.add("rt_" + hashlib.sha256(secret.encode()).hexdigest())
    while len(mutants) < 1_200:
        place, letter = chance.randrange(len(secret)), chance.choice(alphabet)
        mutants.add(secret[:place] + letter + secret[place + 1 :])
    return mutants - {secret}


@pytest.mark.parametrize("kind", [_PERSONAL, _SESSION])
async def test_no_forgery_is_accepted(
    store: StoreHarness, kind: pb2.TokenKind.ValueType
) -> None:
    """Of a thousand and more near misses of a good secret none gets in."""
    created = await _create(store)
    session = await _session(store, created.secret)
    secret = created.secret if kind == _PERSONAL else session.secret
    mutants = _mutants(secret, random.Random(11))  # noqa: S311 - no secret

    accepted = [mutant for mutant in mutants if await _whose(store, mutant, kind)]

    assert len(mutants) >= 1_000
    assert accepted == []
    assert await _whose(store, secret, kind) is not None
