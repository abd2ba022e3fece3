"""The way to an endpoint that the owner has described for the CLI."""

import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

import httpx2


def open_client(
    base_url: str, network: Mapping[str, str], *, seconds: float
) -> httpx2.AsyncClient:
    """Return a client that takes the same way to an address as the CLI does.

    Args:
        base_url: Where it is to go.
        network: The owner's variables for proxies and certificates.
        seconds: How long each step may take.

    Raises:
        OSError: The file of further authorities can't be read.
    """
    return httpx2.AsyncClient(
        # Told and not found out: the CLI doesn't see this service's environment either.
        trust_env=False,
        proxy=find_proxy(base_url, network),
        verify=_trust(network.get("NODE_EXTRA_CA_CERTS")),
        timeout=seconds,
    )


def find_proxy(base_url: str, network: Mapping[str, str]) -> str | None:
    """Return the proxy on the way to an address; None where there is none."""
    parts = urlsplit(base_url)
    exempt = network.get("NO_PROXY", "").split(",")
    hosts = {parts.hostname or "", parts.netloc}
    if any(_covers(name.strip().lower(), host) for name in exempt for host in hosts):
        return None
    return network.get(f"{parts.scheme.upper()}_PROXY")


def _trust(authorities: str | None) -> ssl.SSLContext | bool:
    if authorities is None:
        return True
    context = httpx2.create_ssl_context(trust_env=False)
    context.load_verify_locations(authorities)
    return context


def _covers(name: str, host: str) -> bool:
    """Tell whether a name of NO_PROXY is the host's, or that of a domain it is in."""
    domain = name.removeprefix("*").removeprefix(".")
    return name == "*" or (bool(domain) and f".{host}".endswith(f".{domain}"))
