"""Who reaches whom, tried from inside."""

from itertools import chain

import pytest

from support.composition import SERVICES, Composition

# It trusts the server, by name and authority: what is tested is the server's trust.
_HEALTH_WITHOUT_CERTIFICATE = """
import grpc, socket
from grpc_health.v1 import health_pb2, health_pb2_grpc
socket.create_connection(("{name}", {port}), timeout=10).close()
print("connected")
trust = grpc.ssl_channel_credentials({authority!r})
options = [("grpc.ssl_target_name_override", "{name}")]
for channel in (
    grpc.insecure_channel("{name}:{port}"),
    grpc.secure_channel("{name}:{port}", trust, options),
):
    try:
        health_pb2_grpc.HealthStub(channel).Check(
            health_pb2.HealthCheckRequest(), timeout=10
        )
        print("ANSWERED")
    except grpc.RpcError as error:
        print(error.code().name)
"""
_CONNECT = """
import socket
try:
    socket.create_connection(("{host}", {port}), timeout=5).close()
    print("connected")
except OSError as error:
    print(type(error).__name__)
"""


@pytest.fixture(autouse=True)
def _healthy(composition: Composition) -> None:
    composition.up()


def _address(composition: Composition, service: str, network: str) -> str:
    networks = composition.container(service).attrs["NetworkSettings"]["Networks"]
    return str(networks[f"{composition.name}_{network}"]["IPAddress"])


def _connect(composition: Composition, service: str, host: str, port: int) -> str:
    program = _CONNECT.format(host=host, port=port)
    return composition.python(service, program).output.strip()


def test_the_gateway_reaches_both(composition: Composition) -> None:
    """The control of the tests below: the way exists for who may go it."""
    assert _connect(composition, "gateway", "store", 7402) == "connected"
    assert _connect(composition, "gateway", "persona-runner", 7403) == "connected"


@pytest.mark.parametrize(
    ("service", "peer", "network", "port"),
    [
        ("persona-runner", "store", "store", 7402),
        ("store", "persona-runner", "runner", 7403),
    ],
)
def test_runner_and_store_cannot_reach_each_other(
    service: str, peer: str, network: str, port: int, composition: Composition
) -> None:
    """Neither by name nor by address."""
    address = _address(composition, peer, network)

    assert _connect(composition, service, peer, port) == "gaierror"
    assert _connect(composition, service, address, port) in {"OSError", "TimeoutError"}


@pytest.mark.parametrize(
    ("service", "network"), [("persona-runner", "runner"), ("store", "store")]
)
def test_neighbours_of_the_gateway_are_not_its_owner(
    service: str, network: str, composition: Composition
) -> None:
    """In local mode whoever reaches its port is; it does not listen where they are."""
    address = _address(composition, "gateway", network)

    assert _connect(composition, service, "gateway", 8000) == "ConnectionRefusedError"
    assert _connect(composition, service, address, 8000) == "ConnectionRefusedError"


def test_only_the_runner_and_the_gateway_have_a_way_out(
    composition: Composition,
) -> None:
    """The store has no default route; whoever got into it can send nothing home."""
    has_way_out = {
        service: "00000000" in composition.python(
            service,
            "print([line.split()[1] for line in open('/proc/net/route')][1:])",
        ).output
        for service in SERVICES
    }  # fmt: skip

    assert has_way_out == {"store": False, "persona-runner": True, "gateway": True}


def test_nothing_is_published_but_the_gateway_on_loopback(
    composition: Composition,
) -> None:
    """One port, and not for the neighbours on the network."""
    published = set()
    for service in SERVICES:
        ports = composition.container(service).attrs["NetworkSettings"]["Ports"]
        for binding in chain.from_iterable(filter(None, ports.values())):
            published.add((service, binding["HostIp"]))

    assert published == {("gateway", "127.0.0.1")}


@pytest.mark.parametrize(
    ("network", "name", "port"),
    [("store", "store", 7402), ("runner", "persona-runner", 7403)],
)
def test_a_stranger_on_the_network_gets_nothing(
    network: str, name: str, port: int, composition: Composition
) -> None:
    """A container without a certificate is not even told whether we are well."""
    authority = composition.inside(name, "cat", "/certificates/ca.crt").output.encode()
    program = _HEALTH_WITHOUT_CERTIFICATE.format(
        name=name, port=port, authority=authority
    )

    outcome = composition.stranger(network, program, image_of="store")

    assert outcome.exit_code == 0, outcome.output
    assert outcome.output.split() == ["connected", "UNAVAILABLE", "UNAVAILABLE"]


def test_the_authority_lies_in_no_services_volume(composition: Composition) -> None:
    """No service can make a certificate, or read another's key."""
    files = {
        service: sorted(
            composition.inside(service, "find", "/certificates", "-type", "f")
            .output.replace("/certificates/", "")
            .split()
        )
        for service in SERVICES
    }

    own = ["ca.crt", "service.crt", "service.key"]
    assert all(files[service] == own for service in SERVICES)
    for service in SERVICES:
        mounts = composition.container(service).attrs["Mounts"]
        names = {mount.get("Name", "") for mount in mounts}
        certificates = {name for name in names if "certificates" in name}
        assert certificates == {f"{composition.name}_certificates-{service}"}
