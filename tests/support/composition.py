"""The product as containers: `docker compose up` with a project of the test's own."""

import json
import os
import re
import signal
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import docker
from docker.models.containers import Container
from testcontainers.compose import DockerCompose

# Not the names that are pulled: what a test builds must not pass for a release.
IMAGES = {"ROUNDTABLE_IMAGES": "roundtable-test", "ROUNDTABLE_VERSION": "test"}
SERVICES = ("gateway", "persona-runner", "store")
# Compose waits for health; this bounds an `up` that never comes to be.
_UP_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command inside a container ended."""

    exit_code: int
    output: str


class Composition:
    """One compose project; a context manager that removes it, volumes and all.

    Args:
        root: The repository, where the compose files lie.
        variables: What ``.env`` would hold, such as ROUNDTABLE_VERSION.
        folder: Where the variables' file is written.
        files: Compose files, each over the one before.
    """

    def __init__(
        self,
        root: Path,
        variables: Mapping[str, str],
        *,
        folder: Path,
        files: tuple[str, ...] = ("docker-compose.yml",),
    ) -> None:
        self.root = root
        self.name = variables["COMPOSE_PROJECT_NAME"]
        env_file = folder / f"{self.name}.env"
        # Not port 0: the engine would publish another one after each restart.
        lines = {"PORT": str(free_port()), **variables}
        env_file.write_text("".join(f"{key}={value}\n" for key, value in lines.items()))
        self._compose = DockerCompose(
            root, compose_file_name=list(files), env_file=str(env_file)
        )
        self._engine = docker.from_env()

    def __enter__(self) -> Self:
        """Build nothing, start nothing: a test says when."""
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the containers, networks and volumes."""
        # Nothing is kept, so nobody is given time to end well.
        self.command("down", "--volumes", "--timeout", "0")
        self._engine.close()

    @property
    def url(self) -> str:
        """Where the page is published."""
        host, port = self._compose.get_service_host_and_port("gateway", 8000)
        return f"http://{host}:{port}"

    def command(self, *arguments: str) -> str:
        """Run a command of compose and return its standard output.

        Raises CalledProcessError when it fails; its output is in the log.
        """
        whole = [*self._compose.compose_command_property, *arguments]
        # The one way to a command that testcontainers does not wrap.
        return self._compose._run_command(cmd=whole).stdout.decode()

    def build(self) -> None:
        """Build every image."""
        self.command("build")

    def up(self) -> None:
        """Start what is not running and wait until all of it is healthy."""
        if self._is_up():
            return  # to be told so by compose takes 2 s
        self.command("up", "--wait", "--wait-timeout", str(_UP_SECONDS), "--no-build")

    def down(self) -> None:
        """Remove containers and networks; the volumes stay."""
        self.command("down", "--timeout", "20")

    def container(self, service: str) -> Container:
        """Return a service's container as it is now."""
        found = self._containers(f"com.docker.compose.service={service}")
        assert len(found) == 1, f"{len(found)} containers of {service}"
        return found[0]

    def inside(self, service: str, *command: str) -> Outcome:
        """Run a command in a service's container, as its user."""
        exit_code, output = self.container(service).exec_run(list(command))
        return Outcome(exit_code, output.decode(errors="replace"))

    def python(self, service: str, program: str) -> Outcome:
        """Run a Python program in a service's container, as its user."""
        return self.inside(service, "python", "-c", program)

    def logs(self, service: str) -> str:
        """Return what a service's container has logged since it was made."""
        logged: bytes = self.container(service).logs()
        return logged.decode(errors="replace")

    def inspected(self) -> dict[str, str]:
        """Return what `docker inspect` tells of each container, also of ended ones."""
        return {each.name: json.dumps(each.attrs) for each in self._containers()}

    def crash(self, service: str) -> None:
        """Kill the first process from outside: a signal from inside does nothing.

        Raises PermissionError when this process may not kill the engine's processes.
        """
        process_id = self.container(service).attrs["State"]["Pid"]
        os.kill(process_id, signal.SIGKILL)

    def restarts(self, service: str) -> int:
        """Return how often the engine has started a service again by itself."""
        return int(self.container(service).attrs["RestartCount"])

    def history(self, service: str) -> str:
        """Return the layers of a service's image, commands in full."""
        image = self.container(service).attrs["Image"]
        return json.dumps(self._engine.images.get(image).history())

    def image_settings(self, service: str) -> dict[str, Any]:
        """Return what a service's image says of how to run it."""
        image = self.container(service).attrs["Image"]
        settings: dict[str, Any] = self._engine.images.get(image).attrs["Config"]
        return settings

    def stranger(
        self,
        network: str,
        program: str,
        *,
        image_of: str,
        certificates_of: str | None = None,
    ) -> Outcome:
        """Run a Python program in a container that is only on one of our networks.

        It has none of our volumes, so no certificate, unless it is given a service's.
        """
        image = self.container(image_of).attrs["Config"]["Image"]
        volumes = {}
        if certificates_of is not None:
            volume = f"{self.name}_certificates-{certificates_of}"
            volumes[volume] = {"bind": "/certificates", "mode": "ro"}
        try:
            output = self._engine.containers.run(
                image,
                entrypoint=["python", "-c", program],
                network=f"{self.name}_{network}",
                volumes=volumes,
                remove=True,
            )
        except docker.errors.ContainerError as error:
            return Outcome(error.exit_status, (error.stderr or b"").decode())
        return Outcome(0, output.decode())

    def _containers(self, *labels: str) -> list[Container]:
        own = f"com.docker.compose.project={self.name}"
        label = [own, "com.docker.compose.oneoff=False", *labels]
        found: list[Container] = self._engine.containers.list(
            all=True, filters={"label": label}
        )
        return found

    def _is_up(self) -> bool:
        """Tell whether all services run and are well; the one that ends has no say."""
        lasting = [
            container
            for container in self._containers()
            if container.labels["com.docker.compose.service"] != "certs"
        ]
        return len(lasting) >= len(SERVICES) and all(
            (container.status, container.health) == ("running", "healthy")
            for container in lasting
        )


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def printed_token(output: str) -> str:
    """Return the access token in a command's output."""
    match = re.search(r"^rt_\S+$", output, re.MULTILINE)
    assert match is not None, output
    return match[0]
