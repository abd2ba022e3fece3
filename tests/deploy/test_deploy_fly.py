"""deploy/fly/deploy brings three apps up, once, in order, and tells no secret."""

import base64
import json
import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_DEPLOYED = ["kea-store", "kea-persona-runner", "kea"]
_API_KEY = "sk-ant-made-up-4f1c9d"


@dataclass(frozen=True)
class _Call:
    arguments: list[str]
    given: str
    is_read: bool

    @property
    def app(self) -> str:
        if self.arguments[:2] == ["apps", "create"]:
            return self.arguments[2]
        return self.arguments[self.arguments.index("--app") + 1]


@dataclass(frozen=True)
class _Operator:
    """Somebody with a checkout, a flyctl and a folder for the private CA."""

    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def deploy(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Run the script as `deploy --prefix kea`, with a clean record of calls."""
        (self.folder / "calls.jsonl").write_text("")
        return subprocess.run(  # noqa: S603 -- our own script
            [
                str(_ROOT / "deploy" / "fly" / "deploy"),
                *("--prefix", "kea", "--region", "ams", "--state", str(self.state)),
                *options,
            ],
            env={
                "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
                "HOME": str(self.folder),
                "FAKE_FLYCTL_FOLDER": str(self.folder),
            },
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=50,
            check=False,
        )

    def changes(self, *command: str) -> list[_Call]:
        """Return the calls that changed something, of one command if named."""
        return [
            call
            for call in self.calls()
            if not call.is_read and call.arguments[: len(command)] == list(command)
        ]

    def calls(self) -> list[_Call]:
        """Return every call of the last run."""
        lines = (self.folder / "calls.jsonl").read_text().splitlines()
        calls = [json.loads(line) for line in lines]
        return [_Call(c["arguments"], c["input"], c["is_read"]) for c in calls]

    def fail_on(self, text: str) -> None:
        """Let flyctl refuse calls that hold a text; none with an empty one."""
        (self.folder / "fail_on").unlink(missing_ok=True)
        if text:
            (self.folder / "fail_on").write_text(text)

    def encoded(self, service: str, file: str) -> str:
        """Return what the secret of a certificate's file must be."""
        content = (self.state / "certificates" / service / file).read_bytes()
        return base64.b64encode(content).decode()


@pytest.fixture
def operator(tmp_path: Path) -> _Operator:
    """Give an operator whose flyctl has no apps yet."""
    (tmp_path / "bin").mkdir()
    flyctl = tmp_path / "bin" / "flyctl"
    fake = Path(__file__).with_name("fake_flyctl.py")
    flyctl.write_text(f'#!/bin/sh\nexec "{sys.executable}" -IS "{fake}" "$@"\n')
    flyctl.chmod(0o755)
    return _Operator(tmp_path)


@pytest.fixture
def account(tmp_path: Path) -> str:
    """Give an account's option, its secret in a file."""
    key_file = tmp_path / "api-key"
    key_file.write_text(f"{_API_KEY}\n")
    return f"ANTHROPIC_API_KEY={key_file}"


def test_the_first_run_creates_sets_and_deploys_in_order(operator: _Operator) -> None:
    """Apps and volumes come first, then secrets; the gateway is deployed last."""
    result = operator.deploy()

    assert result.returncode == 0, result.stderr
    assert [c.app for c in operator.changes("apps", "create")] == _DEPLOYED
    volumes = operator.changes("volumes", "create")
    assert [(c.app, c.arguments[2]) for c in volumes] == [
        ("kea-store", "store_data"),
        ("kea-persona-runner", "runner_data"),
    ]
    assert [c.app for c in operator.changes("secrets", "import")] == _DEPLOYED
    assert [c.app for c in operator.changes("deploy")] == _DEPLOYED
    kinds = [c.arguments[0] for c in operator.changes()]
    assert kinds == ["apps"] * 3 + ["volumes"] * 2 + ["secrets"] * 3 + ["deploy"] * 3


def test_snapshots_of_the_database_are_kept_for_two_weeks(operator: _Operator) -> None:
    """Fly takes the days from the call that makes the volume, not from the file."""
    operator.deploy()

    store, runner = operator.changes("volumes", "create")
    days = store.arguments[store.arguments.index("--snapshot-retention") + 1]
    file = tomllib.loads((_ROOT / "deploy" / "fly" / "store.toml").read_text())
    assert int(days) == file["mounts"]["snapshot_retention"] == 14
    assert "--snapshot-retention" not in runner.arguments


def test_the_end_says_how_to_make_the_first_token(operator: _Operator) -> None:
    """The page's address and the command for a token close the first run."""
    result = operator.deploy()

    assert "https://kea.fly.dev" in result.stdout
    assert "flyctl ssh console --app kea-store" in result.stdout
    assert "-m roundtable_store create-token" in result.stdout


def test_each_app_gets_its_own_certificate_and_no_other(operator: _Operator) -> None:
    """An app holds the CA's certificate, its own certificate and its own key."""
    operator.deploy()

    for call in operator.changes("secrets", "import"):
        service = call.app.removeprefix("kea-") if call.app != "kea" else "gateway"
        assert call.given.splitlines() == [
            f"CA_CRT={operator.encoded(service, 'ca.crt')}",
            f"SERVICE_CRT={operator.encoded(service, 'service.crt')}",
            f"SERVICE_KEY={operator.encoded(service, 'service.key')}",
        ]


def test_the_authoritys_key_goes_nowhere(operator: _Operator) -> None:
    """No call is given the CA's key, and only its owner can read it."""
    operator.deploy()

    key_file = operator.state / "certificates" / "authority" / "ca.key"
    key = base64.b64encode(key_file.read_bytes()).decode()
    assert all(key not in call.given for call in operator.calls())
    assert key_file.stat().st_mode & 0o077 == 0


def test_only_the_runner_gets_the_account(operator: _Operator, account: str) -> None:
    """The account's secret is set in the runner's app alone, as it lies in its file."""
    operator.deploy("--account", account)

    holders = [c.app for c in operator.calls() if _API_KEY in c.given]
    assert holders == ["kea-persona-runner"]
    (call,) = [c for c in operator.calls() if _API_KEY in c.given]
    assert f"ANTHROPIC_API_KEY={_API_KEY}" in call.given.splitlines()


@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=["run", "dry run"])
def test_no_secret_is_shown(
    operator: _Operator, account: str, options: tuple[str, ...]
) -> None:
    """Neither the output nor an argument, which other users can see, holds one."""
    operator.deploy("--account", account)
    for service in ("store", "persona-runner", "gateway"):
        (operator.state / f"{service}.digests").unlink(missing_ok=True)
    result = operator.deploy("--account", account, *options)

    secrets = {_API_KEY, operator.encoded("gateway", "service.key")}
    seen = result.stdout + result.stderr + str([c.arguments for c in operator.calls()])
    assert "secrets import" in result.stdout
    assert [secret for secret in secrets if secret in seen] == []


def test_a_second_run_only_deploys(operator: _Operator, account: str) -> None:
    """What is there is not created again, what is set is not set again."""
    operator.deploy("--account", account)

    result = operator.deploy("--account", account)

    assert result.returncode == 0, result.stderr
    assert [c.arguments[0] for c in operator.changes()] == ["deploy"] * 3


def test_a_renewed_certificate_is_set_in_its_app_alone(operator: _Operator) -> None:
    """A secret that changed is set, and nothing else."""
    operator.deploy()
    for file in ("service.crt", "service.key"):
        (operator.state / "certificates" / "store" / file).unlink()

    operator.deploy()

    (call,) = operator.changes("secrets", "import")
    assert call.app == "kea-store"
    names = [line.partition("=")[0] for line in call.given.splitlines()]
    assert names == ["SERVICE_CRT", "SERVICE_KEY"]


def test_a_secret_that_is_gone_is_set_again(operator: _Operator) -> None:
    """The record of what was set does not outweigh what the app holds."""
    operator.deploy()
    apps = json.loads((operator.folder / "apps.json").read_text())
    apps["kea"]["secrets"].remove("SERVICE_KEY")
    (operator.folder / "apps.json").write_text(json.dumps(apps))

    operator.deploy()

    (call,) = operator.changes("secrets", "import")
    assert call.app == "kea"
    assert call.given == f"SERVICE_KEY={operator.encoded('gateway', 'service.key')}\n"


@pytest.mark.parametrize("runs_before", [0, 1])
def test_a_dry_run_changes_nothing(operator: _Operator, runs_before: int) -> None:
    """Every step is printed; none is taken, there or here."""
    for _ in range(runs_before):
        operator.deploy()
    before = sorted(operator.folder.rglob("*"))

    result = operator.deploy("--dry-run")

    assert result.returncode == 0, result.stderr
    assert operator.changes() == []
    assert set(operator.folder.rglob("*")) - set(before) <= {
        operator.folder / "calls.jsonl"
    }
    steps = ["deploy --config deploy/fly/store.toml", "deploy --config fly.toml"]
    if runs_before == 0:
        steps += ["apps create kea ", "volumes create store_data", "secrets import"]
    assert [step for step in steps if f"+ flyctl {step}" not in result.stdout] == []


_STEPS = {
    "creating an app": "apps create kea-persona-runner",
    "creating a volume": "volumes create runner_data",
    "setting secrets": "secrets import --app kea-persona-runner",
    "deploying": "deploy --config deploy/fly/persona-runner.toml",
}


@pytest.mark.parametrize("step", _STEPS.values(), ids=_STEPS.keys())
def test_a_failure_stops_and_the_next_run_goes_on(
    operator: _Operator, step: str
) -> None:
    """Nothing follows a failed step; a second run repeats nothing that was done."""
    operator.fail_on(step)

    failed = operator.deploy()

    last = operator.calls()[-1].arguments
    assert failed.returncode == 1
    assert step in " ".join(last)
    assert "kea-persona-runner" in failed.stderr
    assert "the same command goes on from there" in failed.stderr
    done = [c.arguments for c in operator.changes()][:-1]

    operator.fail_on("")
    resumed = operator.deploy()

    assert resumed.returncode == 0, resumed.stderr
    redone = [c.arguments for c in operator.changes() if c.arguments in done]
    assert [arguments for arguments in redone if arguments[0] != "deploy"] == []
    assert [c.app for c in operator.changes("deploy")] == _DEPLOYED


def test_a_second_machine_of_the_store_is_refused(operator: _Operator) -> None:
    """Two volumes would be two databases: that is for a person to mend."""
    operator.deploy()
    apps = json.loads((operator.folder / "apps.json").read_text())
    apps["kea-store"]["machines"].append("two")
    (operator.folder / "apps.json").write_text(json.dumps(apps))

    result = operator.deploy()

    assert result.returncode == 1
    assert "kea-store has more than one machine" in result.stderr
    assert operator.changes() == []


def test_the_addresses_follow_the_prefix(operator: _Operator) -> None:
    """The gateway is told where this deployment's own apps are."""
    operator.deploy()

    gateway = operator.changes("deploy")[-1].arguments
    given = {gateway[i + 1] for i, word in enumerate(gateway) if word == "--env"}
    assert given == {
        "ROUNDTABLE_GATEWAY_PUBLIC_URL=https://kea.fly.dev",
        "ROUNDTABLE_GATEWAY_STORE_ADDRESS=dns:///kea-store.internal:7402",
        "ROUNDTABLE_GATEWAY_RUNNER_ADDRESS=dns:///kea-persona-runner.internal:7403",
    }


def test_only_the_gateway_may_get_a_public_address(operator: _Operator) -> None:
    """The two others are deployed without any, and none gets a spare machine."""
    operator.deploy()

    deploys = operator.changes("deploy")
    private = [c.app for c in deploys if "--no-public-ips" in c.arguments]
    assert private == ["kea-store", "kea-persona-runner"]
    assert all("--ha=false" in c.arguments for c in deploys)


@pytest.mark.parametrize(
    ("content", "words"),
    [("two words", "without spaces"), ("", "without spaces"), ("a\nb", "one line")],
)
def test_an_account_that_flyctl_would_mangle_is_refused(
    operator: _Operator, content: str, words: str
) -> None:
    """Such a value would arrive as another one."""
    key_file = operator.folder / "api-key"
    key_file.write_text(content)

    result = operator.deploy("--account", f"ANTHROPIC_API_KEY={key_file}")

    assert result.returncode == 1
    assert words in result.stderr
    assert operator.calls() == []


_WRONG: dict[str, tuple[tuple[str, ...], str]] = {
    "another variable": (("--account", "PATH=x"), "PATH is no variable of an account"),
    "no file": (("--account", "ANTHROPIC_API_KEY=/nowhere"), "cannot read the file"),
    "a prefix in capitals": (("--prefix", "Kea"), "small letters"),
    "no region": (("--region", "europe"), "three letters"),
    "an unknown option": (("--force",), "unknown option: --force"),
    "no value": (("--org",), "--org needs a value"),
}


@pytest.mark.parametrize(("options", "words"), _WRONG.values(), ids=_WRONG.keys())
def test_wrong_options_are_refused(
    operator: _Operator, options: tuple[str, ...], words: str
) -> None:
    """The script says what is wrong before it calls anything."""
    result = operator.deploy(*options)

    assert result.returncode == 1
    assert words in result.stderr
    assert operator.calls() == []


def test_somebody_not_logged_in_is_told_so(operator: _Operator) -> None:
    """A refusal by flyctl becomes the command that helps."""
    operator.fail_on("auth whoami")

    result = operator.deploy()

    assert result.returncode == 1
    assert "flyctl auth login" in result.stderr
    assert operator.changes() == []
