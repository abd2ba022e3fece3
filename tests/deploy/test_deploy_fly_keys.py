"""Every key of Fly's files is one that Fly documents.

Source: https://fly.io/docs/reference/configuration/ (superfly/docs,
reference/configuration.mdx, read in November 2026). Fly publishes no schema, and flyctl
passes over a key that it does not know: a slip of the pen would be silent.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

_ROOT = Path(__file__).parents[2]

# The keys below each key; None where any value may follow.
_Keys: TypeAlias = dict[str, "_Keys | None"]


def _plain(names: str) -> _Keys:
    return dict.fromkeys(names.split())


_CONCURRENCY = _plain("type hard_limit soft_limit")
_HTTP_CHECK = _plain(
    "grace_period interval timeout method path protocol tls_server_name"
    " tls_skip_verify headers"
)
_TCP_CHECK = _plain("grace_period interval timeout")
_MACHINE_CHECK = _plain("image entrypoint command kill_signal kill_timeout")
_HTTP_OPTIONS = _plain("idle_timeout response h2_backend replay_cache")
_TLS_OPTIONS = _plain("alpn versions default_self_signed")
_SERVICE = _plain(
    "processes internal_port auto_stop_machines auto_start_machines"
    " min_machines_running"
)

_DOCUMENTED: _Keys = {
    **_plain(
        "app primary_region kill_signal kill_timeout console_command swap_size_mb"
    ),
    "build": _plain("builder buildpacks image dockerfile ignorefile build-target args"),
    "deploy": {
        **_plain("release_command release_command_timeout strategy max_unavailable"),
        **_plain("wait_timeout"),
        "release_command_vm": _plain("size memory"),
    },
    "env": None,
    "http_service": {
        **_SERVICE,
        **_plain("force_https"),
        "concurrency": _CONCURRENCY,
        "http_options": _HTTP_OPTIONS,
        "tls_options": _TLS_OPTIONS,
        "checks": _HTTP_CHECK,
        "machine_checks": _MACHINE_CHECK,
    },
    "services": {
        **_SERVICE,
        **_plain("protocol"),
        "ports": {
            **_plain("handlers port start_port end_port force_https"),
            "http_options": _HTTP_OPTIONS,
            "tls_options": _TLS_OPTIONS,
            "proxy_proto_options": _plain("version"),
        },
        "concurrency": _CONCURRENCY,
        "tcp_checks": _TCP_CHECK,
        "http_checks": _HTTP_CHECK,
        "machine_checks": _MACHINE_CHECK,
    },
    "mounts": _plain(
        "source destination processes initial_size snapshot_retention"
        " scheduled_snapshots auto_extend_size_threshold auto_extend_size_increment"
        " auto_extend_size_limit"
    ),
    "vm": _plain(
        "size memory cpus cpu_kind kernel_args host_dedication_id persist_rootfs"
        " processes"
    ),
    "restart": _plain("policy retries processes"),
    "processes": None,
    "metrics": _plain("port path processes"),
    "statics": _plain("guest_path url_prefix tigris_bucket index_document"),
    "files": _plain("guest_path raw_value local_path secret_name processes"),
    "experimental": _plain("cmd entrypoint exec"),
}

# Each table below [checks] is named by us.
_CHECK = _plain("port type grace_period interval processes method path timeout headers")


def _unknown(given: dict[str, Any], known: _Keys, where: str = "") -> Iterator[str]:
    for key, value in given.items():
        if key not in known:
            yield f"{where}{key}"
            continue
        below = known[key]
        if below is None:
            continue
        for table in value if isinstance(value, list) else [value]:
            yield from _unknown(table, below, f"{where}{key}.")


def _unknown_keys(text: str) -> list[str]:
    given = tomllib.loads(text)
    checks: dict[str, dict[str, Any]] = given.pop("checks", {})
    unknown = list(_unknown(given, _DOCUMENTED))
    for name, check in checks.items():
        unknown += _unknown(check, _CHECK, f"checks.{name}.")
    return unknown


@pytest.mark.parametrize(
    "name", ["fly.toml", "deploy/fly/persona-runner.toml", "deploy/fly/store.toml"]
)
def test_every_key_is_documented(name: str) -> None:
    """No key of ours is made up or misspelt."""
    assert _unknown_keys((_ROOT / name).read_text()) == []


def test_a_misspelt_key_is_found() -> None:
    """At the top, in a table, in a list of tables, and in a check."""
    text = """
        kill_singal = "SIGTERM"
        [http_service]
        force_http = true
        [[files]]
        guest_paht = "/x"
        [checks.ready]
        prot = 1
    """

    assert _unknown_keys(text) == [
        "kill_singal",
        "http_service.force_http",
        "files.guest_paht",
        "checks.ready.prot",
    ]
