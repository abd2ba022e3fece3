"""Asks a service whether it is well: ``python -m roundtable_kit.probe grpc ADDRESS``.

Or ``… http URL``. The exit code is the answer, 0 or 1, so that a container's health
check needs no other program. The service's own certificate is shown and expected.
"""

import argparse
import ssl
import sys
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import SplitResult, urlsplit

_SECONDS = 4.0


class UnwellError(Exception):
    """The service is not well; says how it is."""


def probe_grpc(address: str) -> None:
    """Ask a gRPC server's overall health. Raises UnwellError."""
    # Importing it takes longer than the question, which is asked every few seconds;
    # who asks over HTTP does without.
    from roundtable_kit.probe_grpc import ask_health  # noqa: PLC0415 - see above

    if why := ask_health(address, seconds=_SECONDS):
        raise UnwellError(why)


def probe_http(url: str) -> None:
    """Ask an HTTP server for a page, follow nothing. Raises UnwellError."""
    parts = urlsplit(url)
    connection = _connection(parts)
    try:
        connection.request("GET", f"{parts.path or '/'}?{parts.query}".rstrip("?"))
        status = connection.getresponse().status
    except (OSError, HTTPException) as error:
        raise UnwellError(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
    if status != HTTPStatus.OK:
        raise UnwellError(f"status {status}")


def _connection(parts: SplitResult) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "http":
        return HTTPConnection(host, parts.port, timeout=_SECONDS)
    # The certificate is for the public name, perhaps from an authority that only
    # browsers of the house know. Nothing is told here and little believed.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return HTTPSConnection(host, parts.port, timeout=_SECONDS, context=context)


def main() -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(prog="python -m roundtable_kit.probe")
    parser.add_argument("protocol", choices=("grpc", "http"))
    parser.add_argument("target", metavar="ADDRESS|URL")
    options = parser.parse_args()
    try:
        if options.protocol == "grpc":
            probe_grpc(options.target)
        else:
            probe_http(options.target)
    except UnwellError as error:
        sys.stderr.write(f"probe: {options.target}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
