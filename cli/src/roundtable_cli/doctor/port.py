"""The port of this machine that the gateway listens on."""

from roundtable_cli.doctor.result import Result, broken, fine
from roundtable_cli.errors import LaunchError
from roundtable_cli.launcher.preparation import require_free_port

_SUBJECT = "port"


def check_port(host: str, port: int, *, is_ours: bool) -> Result:
    """Look whether the gateway has it, or could have it.

    Args:
        host: Address of this machine.
        port: Port there.
        is_ours: Whether a gateway answers on it.
    """
    if is_ours:
        return fine(_SUBJECT, f"{port} on {host} is the gateway's")
    try:
        require_free_port(host, port)
    except LaunchError as error:
        return broken(_SUBJECT, error.message, mend=" ".join(error.details))
    return fine(_SUBJECT, f"{port} on {host} is free")
