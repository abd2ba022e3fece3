"""What a container may do, tried from inside."""

import json

import pytest

from support.composition import SERVICES, Composition

_USER = 10001
_FORK_UNTIL_REFUSED = """
import os, signal, time
children = []
try:
    while len(children) < 20_000:
        child = os.fork()
        if child == 0:
            signal.pause()
        children.append(child)
except OSError as error:
    print(error.errno, len(children))
for child in children:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
"""


@pytest.fixture(autouse=True)
def _healthy(composition: Composition) -> None:
    composition.up()


@pytest.mark.parametrize("service", SERVICES)
def test_nobody_is_root(service: str, composition: Composition) -> None:
    """The process has a numeric user, no capability, and no way to get one."""
    outcome = composition.python(
        service,
        "import os, json, pathlib\n"
        "status = pathlib.Path('/proc/1/status').read_text()\n"
        "fields = dict(line.split(':\\t', 1) for line in status.splitlines())\n"
        "print(json.dumps([os.getuid(), os.getgid(), fields['Uid'].split()[0],"
        " int(fields['CapEff'], 16), int(fields['CapBnd'], 16),"
        " fields['NoNewPrivs']]))",
    )

    assert json.loads(outcome.output) == [_USER, _USER, str(_USER), 0, 0, "1"]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "path", ["/", "/usr/local/bin", "/opt", "/etc", "/certificates"]
)
def test_the_image_cannot_be_written(
    service: str, path: str, composition: Composition
) -> None:
    """A file can be made in none of the image's folders, nor among certificates."""
    outcome = composition.inside(service, "touch", f"{path}/planted")

    assert outcome.exit_code != 0
    assert "Read-only file system" in outcome.output


@pytest.mark.parametrize("service", SERVICES)
def test_processes_are_bounded(service: str, composition: Composition) -> None:
    """A fork bomb ends at the limit, with "try again" and not with the machine."""
    limit = composition.container(service).attrs["HostConfig"]["PidsLimit"]

    outcome = composition.python(service, _FORK_UNTIL_REFUSED)

    error, children = map(int, outcome.output.split())
    assert error == 11
    assert 0 < children < limit


@pytest.mark.parametrize("service", SERVICES)
def test_memory_is_bounded(service: str, composition: Composition) -> None:
    """What takes more than the limit is killed; the service itself goes on."""
    container = composition.container(service)
    limit = container.attrs["HostConfig"]["Memory"]
    assert container.attrs["HostConfig"]["MemorySwap"] == limit

    outcome = composition.python(service, f"bytearray({limit}); print('had it')")

    assert outcome.exit_code == 137
    assert "had it" not in outcome.output
    assert composition.restarts(service) == container.attrs["RestartCount"]


@pytest.mark.parametrize("service", SERVICES)
def test_an_image_holds_nothing_to_build_with(
    service: str, composition: Composition
) -> None:
    """No installer, no compiler, no Node, no source tree."""
    # The shell itself is the control: what is there is found.
    look = (
        "for name in uv pip pip3 gcc cc make node npm git curl sh;"
        ' do command -v "$name"; done; ls -d /src /build 2>/dev/null;'
        " python -c 'import pip' 2>/dev/null && echo pip"
    )

    found = composition.inside(service, "sh", "-c", look).output.split()

    assert [path.rpartition("/")[2] for path in found] == ["sh"]


@pytest.mark.parametrize("service", SERVICES)
def test_logs_are_rotated(service: str, composition: Composition) -> None:
    """A talkative service does not fill the disk."""
    log = composition.container(service).attrs["HostConfig"]["LogConfig"]

    assert {"max-size", "max-file"} <= log["Config"].keys()
