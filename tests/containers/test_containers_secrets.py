"""A secret in a file: it reaches the runner, and nobody can look it up elsewhere."""

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from support.composition import IMAGES, SERVICES, Composition

# Whatever the runner does with a made-up key, nobody outside hears of it.
_NO_WAY_OUT = "networks: { endpoint: { internal: true } }\n"


@pytest.fixture(scope="module")
def key() -> str:
    """Return a key that nobody has."""
    return f"sk-ant-made-up-{secrets.token_hex(24)}"


@pytest.fixture(scope="module")
def key_file(key: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the key's file: anyone could read it, but for the folder around it."""
    folder = tmp_path_factory.mktemp("secrets")
    folder.chmod(0o700)
    path = folder / "anthropic-api-key"
    path.write_text(f"{key}\n")
    path.chmod(0o644)
    return path


@pytest.fixture(scope="module")
def keyed(
    key_file: Path, composition: Composition, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Composition]:
    """Return a composition, built and healthy with the key's file named to it."""
    folder = tmp_path_factory.mktemp("keyed")
    override = folder / "no-way-out.yml"
    override.write_text(_NO_WAY_OUT)
    variables = {
        "COMPOSE_PROJECT_NAME": f"roundtable-keyed-{os.getpid()}",
        "ANTHROPIC_API_KEY_FILE": str(key_file),
        "ROUNDTABLE_LOG_LEVEL": "debug",
        # Built anew, with the key's file at hand: not under the others' names.
        **IMAGES,
        "ROUNDTABLE_VERSION": "test-keyed",
    }
    files = ("docker-compose.yml", str(override))
    with Composition(composition.root, variables, folder=folder, files=files) as keyed:
        keyed.build()
        keyed.up()
        yield keyed


def test_the_runner_reads_its_key(keyed: Composition, key: str) -> None:
    """It is read from a file that the runner alone has, and it is the account."""
    health = httpx.get(f"{keyed.url}/health", trust_env=False).json()
    seen = {
        service: keyed.inside(service, "cat", "/run/secrets/anthropic_api_key")
        for service in SERVICES
    }

    assert health["services"]["persona_runner"]["account"] == "api_key"
    assert seen["persona-runner"].output.strip() == key
    for service in ("gateway", "store"):
        assert "No such file or directory" in seen[service].output


def test_the_key_is_shown_nowhere(keyed: Composition, key: str, key_file: Path) -> None:
    """Not by inspecting, in no image or log, not by compose: only its name is."""
    httpx.get(f"{keyed.url}/health", trust_env=False).raise_for_status()
    places = {f"inspect {name}": text for name, text in keyed.inspected().items()}
    for service in SERVICES:
        places[f"history of {service}"] = keyed.history(service)
        places[f"settings of {service}"] = str(keyed.image_settings(service))
        places[f"log of {service}"] = keyed.logs(service)
    places["log of certs"] = keyed.logs("certs")
    places["compose config"] = keyed.command("config")

    assert [place for place, text in places.items() if key in text] == []
    # It was looked for where it would be.
    assert len(keyed.inspected()) == len(SERVICES) + 1
    assert all(places.values())
    assert "runner.started" in places["log of persona-runner"]
    assert str(key_file) in places["compose config"]
