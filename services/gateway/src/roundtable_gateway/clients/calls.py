"""What all calls to peers share."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc

from roundtable_kit.rpc_errors import from_call_error


@contextmanager
def errors_unwrapped() -> Iterator[None]:
    """Raise the error that the peer raised instead of the call's own."""
    try:
        yield
    except grpc.aio.AioRpcError as error:
        raise from_call_error(error) from error
