"""Makes a process that was just started ready, and waits until it is."""

import json
from typing import Any

from roundtable_runner.claude.process import CliProcess, CliStreamBroken
from roundtable_runner.claude.tuning import tuning_requests
from roundtable_runner.turn.task import Effort

# All are answered before the one `initialize` that a process takes. The least effort is
# set ahead, as the first setting of all takes the CLI some 30 ms to take.
REQUESTS: dict[str, dict[str, Any]] = {
    "ready-version": {"subtype": "get_binary_version"},
    **{
        f"ready-{number}": request
        for number, request in enumerate(tuning_requests(model="", effort=Effort.LEAST))
    },
}


async def wait_until_ready(process: CliProcess) -> None:
    """Return once a process answers. Raises CliStreamBroken or OSError if it won't."""
    for name, request in REQUESTS.items():
        message = {"type": "control_request", "request_id": name, "request": request}
        await process.write(json.dumps(message) + "\n")
    unanswered = set(REQUESTS)
    while unanswered:
        line = await process.read_line()
        if line is None:
            raise CliStreamBroken("the output ended")
        unanswered.discard(_answered(line))


def _answered(line: bytes) -> str:
    """Return the request that a line answers; nothing where it answers none."""
    # Some builds write diagnostics between the messages.
    if not line.startswith(b"{"):
        return ""
    try:
        message = json.loads(line)
    except ValueError as error:
        raise CliStreamBroken("a line is no JSON") from error
    match message:
        case {"type": "control_response", "response": {"request_id": str(name)}}:
            return name
        case _:
            return ""
