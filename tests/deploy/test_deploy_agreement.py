"""Fly's files, compose, images, settings and documents tell the same story."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from roundtable_gateway import app as gateway_app
from roundtable_gateway.http.routes import health
from roundtable_gateway.settings import GatewaySettings
from roundtable_kit.identity import AUTHORITY_FILE, CERTIFICATE_FILE, KEY_FILE
from roundtable_runner.settings import RunnerSettings
from roundtable_store import app as store_app
from roundtable_store.settings import Settings as StoreSettings

_ROOT = Path(__file__).parents[2]
_SERVICES = ("gateway", "persona-runner", "store")
_SETTINGS: dict[str, type[BaseSettings]] = {
    "gateway": GatewaySettings,
    "persona-runner": RunnerSettings,
    "store": StoreSettings,
}
_PORTS = {"gateway": 8000, "persona-runner": 7403, "store": 7402}


class _ComposeLoader(yaml.SafeLoader):
    """Reads compose's own word for taking away what the first file said."""


_ComposeLoader.add_constructor("!reset", lambda _loader, _node: None)


def _fly(service: str) -> dict[str, Any]:
    name = "fly.toml" if service == "gateway" else f"deploy/fly/{service}.toml"
    return tomllib.loads((_ROOT / name).read_text())


def _compose(service: str, file: str = "docker-compose.yml") -> dict[str, Any]:
    text = (_ROOT / file).read_text()
    whole = yaml.load(text, _ComposeLoader)  # noqa: S506 -- a safe loader with one tag
    found: dict[str, Any] = whole["services"][service]
    return found


def _image(service: str) -> str:
    """Return the last stage of a service's Dockerfile."""
    return (_ROOT / f"Dockerfile.{service}").read_text().rpartition("\nFROM ")[2]


def _image_environment(service: str) -> dict[str, str]:
    return dict(re.findall(r"([A-Z][A-Z_]+)=(\S+)", _image(service)))


def _variables(settings: type[BaseSettings]) -> Iterator[str]:
    prefix = settings.model_config.get("env_prefix") or ""
    for name, field in settings.model_fields.items():
        alias = field.validation_alias
        yield alias if isinstance(alias, str) else f"{prefix}{name}".upper()


def _megabytes(size: str) -> int:
    number, unit = re.fullmatch(r"(\d+)(m|g)b?", size.lower()).groups()  # type: ignore[union-attr]  # no match is a failed test
    return int(number) * (1024 if unit == "g" else 1)


def _default(value: str) -> str:
    """Return what compose puts for `${NAME:-default}`."""
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value)


@pytest.mark.parametrize("service", _SERVICES)
def test_a_stop_is_asked_for_and_waited_for(service: str) -> None:
    """SIGTERM it is, and no host kills before the service is through."""
    graces = {
        "gateway": gateway_app._GRACE,
        "persona-runner": timedelta(seconds=RunnerSettings().stop_grace_seconds),
        "store": store_app._GRACE,
    }

    fly, compose = _fly(service), _compose(service)

    assert fly["kill_signal"] == "SIGTERM"
    assert "STOPSIGNAL SIGTERM" in _image(service)
    waits = int(compose["stop_grace_period"].removesuffix("s"))
    assert graces[service].total_seconds() < waits <= fly["kill_timeout"] <= 300


@pytest.mark.parametrize("service", _SERVICES)
def test_ports_are_the_same_everywhere(service: str) -> None:
    """Image, Fly's checks and Fly's service mean the port that is listened on."""
    port, fly = _PORTS[service], _fly(service)

    assert f"EXPOSE {port}\n" in _image(service)
    checked = {check["port"] for check in fly["checks"].values()}
    assert checked == {port}
    if service == "gateway":
        assert fly["http_service"]["internal_port"] == int(fly["env"]["PORT"]) == port
        assert _compose("gateway")["ports"][0].endswith(f":{port}")
    else:
        (address,) = [v for k, v in fly["env"].items() if k.endswith("_ADDRESS")]
        assert address == f"[::]:{port}"


@pytest.mark.parametrize("peer", ["store", "persona-runner"])
def test_the_gateway_is_told_where_its_peers_are(peer: str) -> None:
    """Its addresses name the other apps and compose's services, with their ports."""
    variable = {
        "store": "ROUNDTABLE_GATEWAY_STORE_ADDRESS",
        "persona-runner": "ROUNDTABLE_GATEWAY_RUNNER_ADDRESS",
    }[peer]

    on_fly = _fly("gateway")["env"][variable]
    in_compose = _compose("gateway")["environment"][variable]

    assert on_fly == f"dns:///{_fly(peer)['app']}.internal:{_PORTS[peer]}"
    assert in_compose == f"dns:///{peer}:{_PORTS[peer]}"


def test_the_apps_are_named_as_deploy_names_them() -> None:
    """The files' own names are those of the prefix persona-roundtable."""
    names = [_fly(service)["app"] for service in _SERVICES]

    prefix = "persona-roundtable"
    assert names == [prefix, f"{prefix}-persona-runner", f"{prefix}-store"]
    url = _fly("gateway")["env"]["ROUNDTABLE_GATEWAY_PUBLIC_URL"]
    assert url == f"https://{prefix}.fly.dev"


def test_only_the_gateway_is_reachable_and_only_by_https() -> None:
    """The two others have no service at all; the gateway's machine never sleeps."""
    assert [s for s in _SERVICES if {"http_service", "services"} & _fly(s).keys()] == [
        "gateway"
    ]
    service = _fly("gateway")["http_service"]
    assert service["force_https"] is True
    assert service["auto_stop_machines"] == "off"
    assert service["min_machines_running"] == 1
    published = [s for s in _SERVICES if "ports" in _compose(s)]
    assert published == ["gateway"]
    assert _compose("gateway")["ports"][0].startswith("127.0.0.1:")


def test_health_is_asked_at_paths_that_exist() -> None:
    """Fly and the image ask for /livez and /readyz, which the gateway serves."""
    served = {getattr(route, "path", None) for route in health.router.routes}
    fly = _fly("gateway")

    asked = {check["path"] for check in fly["http_service"]["checks"]}
    asked |= {check["path"] for check in fly["checks"].values()}
    asked |= set(re.findall(r"://127\.0\.0\.1:\S+?(/\w+)", _image("gateway")))

    assert asked == {"/livez", "/readyz"}
    assert asked <= served


@pytest.mark.parametrize("service", _SERVICES)
@pytest.mark.parametrize("where", ["fly", "compose", "compose.prod", "image"])
def test_every_variable_is_a_setting(service: str, where: str) -> None:
    """No host sets what the service does not read."""
    given = {
        "fly": _fly(service)["env"],
        "compose": _compose(service).get("environment", {}),
        "compose.prod": _compose(service, "compose.prod.yml").get("environment", {}),
        "image": {
            name: value
            for name, value in _image_environment(service).items()
            if name.startswith("ROUNDTABLE_") or name == "CLAUDE_CONFIG_DIR"
        },
    }[where]

    assert set(given) - set(_variables(_SETTINGS[service])) == set()


@pytest.mark.parametrize("service", _SERVICES)
def test_the_settings_take_what_fly_gives(
    service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each service starts with its image's environment and Fly's over it."""
    environment = _image_environment(service) | _fly(service)["env"]
    for name in _variables(_SETTINGS[service]):
        monkeypatch.delenv(name, raising=False)
        if name in environment:
            monkeypatch.setenv(name, environment[name])

    settings = _SETTINGS[service]()

    assert settings.model_fields_set


@pytest.mark.parametrize("service", ["store", "persona-runner"])
def test_data_lies_on_the_volume(service: str) -> None:
    """Fly and compose keep the same folder, the one that the service is told."""
    mount = _fly(service)["mounts"]
    volumes = [volume.split(":") for volume in _compose(service)["volumes"]]

    (name,) = [name for name, target, *_ in volumes if target == mount["destination"]]
    assert mount["source"] == name.replace("-", "_")
    assert _image_environment(service)["ROUNDTABLE_DATA_DIR"] == mount["destination"]
    assert _fly(service)["env"]["ROUNDTABLE_DATA_DIR"] == mount["destination"]


@pytest.mark.parametrize("service", ["store", "persona-runner"])
def test_deploy_makes_the_volumes_that_the_files_name(service: str) -> None:
    """The script's names and sizes are those of the files."""
    script = (_ROOT / "deploy" / "fly" / "deploy").read_text()
    mount = _fly(service)["mounts"]

    sizes = dict(
        zip(
            ("store", "persona-runner"),
            re.findall(r"say (\d+); (?:else|fi)", script),
            strict=True,
        )
    )
    assert f"{service}) say {mount['source']} ;;" in script
    assert mount["initial_size"] == f"{sizes[service]}gb"


@pytest.mark.parametrize("service", _SERVICES)
def test_certificates_lie_where_the_service_looks(service: str) -> None:
    """Each of the three files is put into the folder that the setting names."""
    fly = _fly(service)
    folder = fly["env"]["ROUNDTABLE_CERTIFICATES_DIR"]

    files = {file["guest_path"]: file["secret_name"] for file in fly["files"]}
    assert files == {
        f"{folder}/{name}": name.upper().replace(".", "_")
        for name in (AUTHORITY_FILE, CERTIFICATE_FILE, KEY_FILE)
    }
    assert _image_environment(service)["ROUNDTABLE_CERTIFICATES_DIR"] == folder
    mounted = f"certificates-{service}:{folder}:ro"
    assert mounted in _compose(service)["volumes"]


def test_certificates_are_looked_after_while_nobody_comes_by(tmp_path: Path) -> None:
    """With compose.prod.yml: once a day, as certs does it, for everybody's folder."""
    certs, renewal = _compose("certs"), _compose("renewal", "compose.prod.yml")
    _python, *program, folder = certs["entrypoint"]

    assert renewal.pop("extends") == {"file": "docker-compose.yml", "service": "certs"}
    # All else is as certs has it.
    assert renewal.keys() == {"command", "restart", "healthcheck"}
    assert {volume.rpartition(":")[2] for volume in certs["volumes"]} == {
        f"{folder}/{name}" for name in ("authority", *_SERVICES)
    }
    command = (sys.executable, *program, str(tmp_path), *renewal["command"])
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:  # noqa: S603 - our own program
        assert process.stdout is not None
        made = [process.stdout.readline() for _ in _SERVICES]
        is_staying = process.poll() is None
        process.terminate()
    assert all(made)
    assert is_staying
    assert process.returncode == 0
    assert float(renewal["command"][1]) <= 24


def test_a_service_that_met_an_old_certificate_is_started_again() -> None:
    """After a restart of the machine nothing waits for the renewal."""
    services = (*_SERVICES, "renewal")

    policies = {_compose(name, "compose.prod.yml")["restart"] for name in services}

    assert policies == {"unless-stopped"}


@pytest.mark.parametrize("service", _SERVICES)
def test_secrets_are_no_settings(service: str) -> None:
    """Fly shows an app's secrets to its process as variables too."""
    secrets = {file["secret_name"] for file in _fly(service)["files"]}

    assert secrets & set(_variables(_SETTINGS[service])) == set()


@pytest.mark.parametrize("service", _SERVICES)
def test_fly_gives_as_much_memory_as_compose(service: str) -> None:
    """A machine holds at least what the container is bounded by."""
    (machine,) = _fly(service)["vm"]
    limit = _default(_compose(service)["mem_limit"])

    assert _megabytes(machine["memory"]) >= _megabytes(limit)


@pytest.mark.parametrize("service", _SERVICES)
def test_the_image_is_built_from_the_services_own_dockerfile(service: str) -> None:
    """Fly takes the path from the file that names it."""
    folder = _ROOT if service == "gateway" else _ROOT / "deploy" / "fly"

    named = (folder / _fly(service)["build"]["dockerfile"]).resolve()

    assert named == _ROOT / f"Dockerfile.{service}"
    assert _compose(service)["build"]["dockerfile"] == named.name


@pytest.mark.parametrize("service", _SERVICES)
def test_the_images_user_is_given_by_number(service: str) -> None:
    """Fly makes it the owner of the volume, without a name to look up."""
    assert re.search(r"^USER 10001:10001$", _image(service), re.MULTILINE)


def test_the_documents_name_every_option_of_deploy() -> None:
    """What the script takes is written down beside it, and nothing that it does not."""
    script = (_ROOT / "deploy" / "fly" / "deploy").read_text()
    readme = (_ROOT / "deploy" / "fly" / "README.md").read_text()

    taken = set(re.findall(r"^  (--[a-z-]+)", script, re.MULTILINE))
    told = set(re.findall(r"`(--[a-z-]+)", readme))

    assert taken == told
    assert "deploy/fly/deploy" in (_ROOT / "README.md").read_text()
