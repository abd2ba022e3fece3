"""compose.prod.yml as on the internet: Caddy with HTTPS in front, tokens for all."""

import os
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from support.composition import IMAGES, SERVICES, Composition, free_port, printed_token
from support.visitor import SeenEvent, Visitor, check_history

_FILES = ("docker-compose.yml", "compose.prod.yml")
_EMAIL = "ada@example.org"
_SESSION = "__Host-roundtable"


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _ports(folder: Path) -> tuple[dict[int, int], tuple[str, ...]]:
    """Return where Caddy's ports are, and a compose file that moves them if it must."""
    if not _is_taken(80) and not _is_taken(443):
        return {80: 80, 443: 443}, ()
    ports = {80: free_port(), 443: free_port()}
    published = ", ".join(f'"127.0.0.1:{ours}:{its}"' for its, ours in ports.items())
    moved = folder / "ports.yml"
    moved.write_text(f"services: {{ caddy: {{ ports: !override [{published}] }} }}\n")
    return ports, (str(moved),)


class Internet:
    """The product behind Caddy, and who vouches for it."""

    def __init__(self, composition: Composition, ports: dict[int, int]) -> None:
        self.composition = composition
        self.url = f"https://localhost:{ports[443]}"
        self.plain_url = f"http://localhost:{ports[80]}"
        root = "/data/caddy/pki/authorities/local/root.crt"
        authority = composition.inside("caddy", "cat", root)
        # Of all authorities this one alone, so what is met is Caddy.
        self.trust = ssl.create_default_context(cadata=authority.output)


@pytest.fixture(scope="module")
def internet(
    composition: Composition, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Internet]:
    """Return the product as compose.prod.yml has it, under the name localhost."""
    folder = tmp_path_factory.mktemp("internet")
    ports, moved = _ports(folder)
    variables = {
        "COMPOSE_PROJECT_NAME": f"roundtable-internet-{os.getpid()}",
        "ROUNDTABLE_DOMAIN": "localhost",
        **IMAGES,
    }
    with Composition(
        composition.root, variables, folder=folder, files=_FILES + moved
    ) as prod:
        prod.up()
        yield Internet(prod, ports)


@pytest.fixture
async def stranger(internet: Internet) -> AsyncIterator[Visitor]:
    """Return a person's program that has not signed in."""
    async with Visitor(internet.url, trust=internet.trust) as visitor:
        yield visitor


@pytest.fixture
async def member(internet: Internet, stranger: Visitor) -> Visitor:
    """Return a person's program that has signed in with a token of the store's."""
    command = ("exec", "-T", "store", "python", "-m", "roundtable_store")
    made = internet.composition.command(*command, "create-token", _EMAIL)
    answer = await stranger.http.post("/sign-in", json={"token": printed_token(made)})
    assert answer.status_code == 200, answer.text
    return stranger


async def test_the_sign_in_sets_a_cookie_for_this_host_alone(
    internet: Internet, member: Visitor
) -> None:
    """Who has no session is refused; the cookie is one that browsers hold to HTTPS."""
    async with Visitor(internet.url, trust=internet.trust) as stranger:
        refused = await stranger.http.get("/me")
    me = await member.http.get("/me")

    assert refused.status_code == 401
    assert (me.json()["email"], me.json()["auth"]) == (_EMAIL, "token")
    (cookie,) = member.http.cookies.jar
    assert (cookie.name, cookie.secure, cookie.path) == (_SESSION, True, "/")
    assert not cookie.domain_specified
    assert cookie.has_nonstandard_attr("HttpOnly")


async def test_events_arrive_while_the_run_goes_on(
    member: Visitor, sample: Path
) -> None:
    """Caddy holds nothing back: words are read before the run has ended."""
    run = await member.start(
        await member.upload(sample), persona_ids=["ciso", "plain_reader"]
    )

    events: list[SeenEvent] = []
    state_at_first_words = ""
    async for event in member.events(run["id"]):
        events.append(event)
        if event.type == "turn.delta" and not state_at_first_words:
            state_at_first_words = (await member.run(run["id"]))["state"]

    assert state_at_first_words == "running"
    check_history(events)
    assert events[-1].type == "run.succeeded"


async def test_caddy_alone_is_published(internet: Internet) -> None:
    """The gateway has no port of its own, and plain HTTP leads to HTTPS."""
    published = {
        service
        for service in (*SERVICES, "caddy")
        if any(internet.composition.container(service).ports.values())
    }
    async with httpx.AsyncClient(trust_env=False) as http:
        plain = await http.get(f"{internet.plain_url}/livez")

    assert published == {"caddy"}
    assert plain.status_code == 308
    assert plain.headers["location"].startswith("https://localhost")
