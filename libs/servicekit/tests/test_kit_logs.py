"""What is never logged, whoever looks on."""

import os
import pty
import subprocess
import sys

_CRASH = """
import structlog
from roundtable_kit.logs import configure_logs

configure_logs("store")
secret = "".join(["made", "-up-", "secret"])
try:
    raise RuntimeError("it broke")
except RuntimeError:
    structlog.get_logger().exception("rpc.crashed")
"""


def _logged_to_a_terminal(program: str) -> str:
    mine, theirs = pty.openpty()
    with subprocess.Popen([sys.executable, "-c", program], stderr=theirs) as process:  # noqa: S603 - our own program
        os.close(theirs)
        written = b""
        try:
            while piece := os.read(mine, 4096):
                written += piece
        except OSError:
            pass  # Linux says so when the other end is closed
        os.close(mine)
    assert process.returncode == 0
    return written.decode()


def test_a_traceback_on_a_terminal_shows_no_values() -> None:
    """A crash is told with its lines, without what the variables held."""
    written = _logged_to_a_terminal(_CRASH)

    assert "it broke" in written
    assert "made-up-secret" not in written
