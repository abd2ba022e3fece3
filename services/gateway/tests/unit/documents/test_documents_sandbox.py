"""What a confined process can no longer do; each test confines a process of its own."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict

import pytest

from roundtable_gateway.documents.limits import Limits

Confined = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux can confine a process this far"
)


@pytest.fixture
def confined() -> Confined:
    """Return a function that runs code in a process after it confined itself."""

    def run(code: str, limits: Limits) -> "subprocess.CompletedProcess[str]":
        program = (
            "import json, os, sys\n"
            "from roundtable_gateway.documents.limits import Limits\n"
            "from roundtable_gateway.documents.sandbox import confine\n"
            "is_confined = confine(Limits(**json.loads(sys.argv[1])))\n"
            "def refused(call):\n"
            "    try:\n"
            "        call()\n"
            "    except (OSError, MemoryError) as err:\n"
            "        print(type(err).__name__)\n"
        )
        return subprocess.run(  # noqa: S603 - our own interpreter and code
            [sys.executable, "-c", program + code, json.dumps(asdict(limits))],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )

    return run


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("__import__('socket').socket()", "PermissionError"),
        ("__import__('socket').socket(1)", "PermissionError"),
        ("os.execv('/bin/true', ['true'])", "PermissionError"),
        ("os.write(os.memfd_create('file'), b'x')", "OSError"),
        ("bytearray(600_000_000)", "MemoryError"),
        ("[open('/dev/null') for _ in range(100)]", "OSError"),
    ],
)
def test_confined_process_is_refused(confined: Confined, call: str, error: str) -> None:
    """Network, programs, writing, memory and many files are out of reach."""
    result = confined(f"print(is_confined)\nrefused(lambda: {call})", Limits())

    assert result.stdout.split() == ["True", error]


def test_confined_process_still_reads_and_allocates(confined: Confined) -> None:
    """What a parser needs goes on working."""
    code = (
        "print(len(open('/proc/self/status').read()) > 0, len(bytearray(200_000_000)))"
    )

    result = confined(code, Limits())

    assert result.stdout.split() == ["True", "200000000"]


def test_confined_process_dies_of_its_processor_time(confined: Confined) -> None:
    """An endless loop ends by signal, whatever the wall clock says."""
    result = confined("while True: pass", Limits(cpu_seconds=1))

    assert result.returncode == -signal.SIGXCPU
