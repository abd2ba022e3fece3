"""Asks a process that was just started whether it takes requests."""

import json

from roundtable_runner.claude.process import CliProcess, CliStreamBroken

_REQUEST_ID = "ready"
# Answered before the one `initialize` that a process takes, and changes nothing.
_REQUEST = json.dumps(
    {
        "type": "control_request",
        "request_id": _REQUEST_ID,
        "request": {"subtype": "get_binary_version"},
    }
)


async def wait_until_ready(process: CliProcess) -> None:
    """Return once a process answers. Raises CliStreamBroken or OSError if it won't."""
    await process.write(_REQUEST + "\n")
    while (line := await process.read_line()) is not None:
        if _is_answer(line):
            return
    raise CliStreamBroken("the output ended")


def _is_answer(line: bytes) -> bool:
    # Some builds write diagnostics between the messages.
    if not line.startswith(b"{"):
        return False
    try:
        message = json.loads(line)
    except ValueError as error:
        raise CliStreamBroken("a line is no JSON") from error
    match message:
        case {"type": "control_response", "response": {"request_id": "ready"}}:
            return True
        case _:
            return False
