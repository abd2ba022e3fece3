"""What must hold before anything is started."""

import errno
import socket
import ssl
from pathlib import Path

from roundtable_cli.errors import LaunchError

_OWNER_ONLY = 0o700
_END_OF_CERTIFICATE = "-----END CERTIFICATE-----"


def prepare_data_dir(path: Path) -> Path:
    """Make the data folder, for its owner alone, and return its absolute path.

    Raises:
        LaunchError: It cannot be made or kept to its owner.
    """
    absolute = path.absolute()
    try:
        absolute.mkdir(mode=_OWNER_ONLY, parents=True, exist_ok=True)
        absolute.chmod(_OWNER_ONLY)  # it holds the documents and the Claude login
    except OSError as error:
        raise LaunchError(
            f"The data folder {absolute} cannot be used: {error.strerror}.",
            ("Set ROUNDTABLE_DATA_DIR to a folder of your own.",),
        ) from error
    return absolute


def certificates_dir(data_dir: Path) -> Path:
    """Return where the authority and each service's own folder lie."""
    return data_dir / "certificates"


def require_free_port(host: str, port: int) -> None:
    """Check that the gateway will be able to listen there.

    Raises:
        LaunchError: The port is taken, or the address is not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As servers do: a port that only lingers from a past connection is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            raise LaunchError(*_why_not(error, host, port)) from error


def _why_not(error: OSError, host: str, port: int) -> tuple[str, tuple[str, ...]]:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken by another program.",
            ("Choose another one: PORT=8001 roundtable up, or --port 8001.",),
        )
    return (
        f"The gateway cannot listen on {host}, port {port}: {error.strerror}.",
        ("Choose others with --host and --port (or PORT).",),
    )


def url_of(host: str, port: int, *, certificate: Path | None = None) -> str:
    """Return the address under which this machine reaches the gateway.

    Args:
        host: What the gateway listens on.
        port: Where it listens.
        certificate: What it shows; None where it speaks plain HTTP.
    """
    scheme = "http" if certificate is None else "https"
    reachable = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    if ":" in reachable:
        reachable = f"[{reachable}]"
    return f"{scheme}://{reachable}:{port}"


def trust_in(certificate: Path) -> ssl.SSLContext:
    """Return a context that accepts a gateway which shows this very certificate.

    It is for a public name, perhaps from an authority that only browsers of the house
    know; the launcher asks for it under the name of this machine.

    Raises:
        LaunchError: The file holds no certificate.
    """
    try:
        context = ssl.create_default_context(cadata=_first_of(certificate.read_text()))
    except (OSError, ValueError, ssl.SSLError) as error:
        raise LaunchError(
            f"ROUNDTABLE_GATEWAY_TLS_CERT_FILE: no certificate in {certificate}."
        ) from error
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return context


def _first_of(chain: str) -> str:
    """Return the server's own certificate, without the authorities behind it."""
    return chain[: chain.index(_END_OF_CERTIFICATE) + len(_END_OF_CERTIFICATE)]
