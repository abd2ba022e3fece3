"""Starts the gateway: `python -m roundtable_gateway`."""

import asyncio
import json
import os
import sys

# gRPC's fork handlers can kill a child between fork and exec; see docs/adr.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")

from pydantic import ValidationError

from roundtable_gateway.app import GatewayApp
from roundtable_gateway.http.tls import CertificateError
from roundtable_gateway.packs.errors import PackError
from roundtable_gateway.settings import GatewaySettings
from roundtable_kit.identity import IdentityError
from roundtable_kit.lifetime import run_until_stopped
from roundtable_kit.logs import configure_logs


class _ReadyApp(GatewayApp):
    async def start(self) -> None:
        """Serve, and tell the launcher on standard output where."""
        await super().start()
        sys.stdout.write(json.dumps({"port": self.port}) + "\n")
        sys.stdout.flush()


async def _serve(settings: GatewaySettings) -> None:
    app = _ReadyApp(settings)
    await run_until_stopped(app, stop_on_stdin_eof=settings.stop_on_stdin_eof)


def main() -> None:
    """Run until stopped; exit with words for a person when the start fails."""
    try:
        settings = GatewaySettings()
        configure_logs("gateway", level=settings.log_level)
        asyncio.run(_serve(settings))
    except (
        ValidationError,
        PackError,
        CertificateError,
        IdentityError,
        OSError,
    ) as error:
        sys.exit(f"roundtable-gateway: {error}")


if __name__ == "__main__":
    main()
