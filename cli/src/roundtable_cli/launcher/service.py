"""What the launcher starts: each service's command, environment and address."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from roundtable_cli.launcher.preparation import certificates_dir

LOOPBACK = "127.0.0.1"

# A secret goes to the one service that uses it and to no other.
_RUNNER_SECRETS = ("ANTHROPIC_", "CLAUDE_")
_STORE_SECRETS = ("DATABASE_URL",)
# The user's own, which no service uses.
_CLIENT_SECRETS = ("ROUNDTABLE_TOKEN",)
_ALL_SECRETS = (*_RUNNER_SECRETS, *_STORE_SECRETS, *_CLIENT_SECRETS)


@dataclass(frozen=True, kw_only=True)
class Service:
    """One service to start.

    Attributes:
        name: What it is called in messages.
        module: What its interpreter runs.
        environment: All of its environment but the addresses.
        listen_variable: Names the variable that tells it where to listen.
        listen_format: What that variable holds, ``{port}`` being filled in.
        port: Where to listen the first time; 0 lets the service choose.
        peers: Variable to name of the service whose address it holds.
    """

    name: str
    module: str
    environment: Mapping[str, str]
    listen_variable: str
    listen_format: str = LOOPBACK + ":{port}"
    port: int = 0
    peers: Mapping[str, str] = field(default_factory=dict)

    @property
    def command(self) -> tuple[str, ...]:
        """The launcher's own interpreter, deaf to modules in the current folder."""
        return (sys.executable, "-P", "-m", self.module)

    def environment_with(self, ports: Mapping[str, int]) -> dict[str, str]:
        """Return the whole environment, given the ports of the services that run."""
        port = ports.get(self.name, self.port)
        peers = {
            variable: f"{LOOPBACK}:{ports[peer]}"
            for variable, peer in self.peers.items()
        }
        listen = {self.listen_variable: self.listen_format.format(port=port)}
        return {**self.environment, **listen, **peers}


def local_services(
    environment: Mapping[str, str], *, data_dir: Path, host: str, port: int
) -> tuple[Service, ...]:
    """Return store, runner and gateway, in the order in which they start.

    Args:
        environment: The launcher's own; secrets are handed on to their owner alone.
        data_dir: Where the services keep their data, absolute; each is told of its own
            certificates there and of no other's.
        host: Address the gateway listens on.
        port: Port the gateway listens on.
    """
    certificates = certificates_dir(data_dir)

    def own(folder: str) -> dict[str, str]:
        return {"ROUNDTABLE_CERTIFICATES_DIR": str(certificates / folder)}

    common = {
        **environment,
        "ROUNDTABLE_DATA_DIR": str(data_dir),
        "ROUNDTABLE_STOP_ON_STDIN_EOF": "yes",
    }
    store = Service(
        name="store",
        module="roundtable_store",
        environment=_only(common, _STORE_SECRETS) | own("store"),
        listen_variable="ROUNDTABLE_STORE_ADDRESS",
    )
    runner = Service(
        name="runner",
        module="roundtable_runner",
        environment=_only(common, _RUNNER_SECRETS) | own("persona-runner"),
        listen_variable="ROUNDTABLE_RUNNER_ADDRESS",
    )
    gateway = Service(
        name="gateway",
        module="roundtable_gateway",
        environment=_only(common, ())
        | own("gateway")
        | {"ROUNDTABLE_GATEWAY_HOST": host},
        listen_variable="PORT",
        listen_format="{port}",
        port=port,
        peers={
            "ROUNDTABLE_GATEWAY_STORE_ADDRESS": "store",
            "ROUNDTABLE_GATEWAY_RUNNER_ADDRESS": "runner",
        },
    )
    return (store, runner, gateway)


def store_environment(
    environment: Mapping[str, str], *, data_dir: Path
) -> dict[str, str]:
    """Return the environment of a program of the store's, without others' secrets."""
    own = _only(environment, _STORE_SECRETS)
    return own | {"ROUNDTABLE_DATA_DIR": str(data_dir)}


def _only(
    environment: Mapping[str, str], own_secrets: tuple[str, ...]
) -> dict[str, str]:
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(own_secrets) or not name.startswith(_ALL_SECRETS)
    }
