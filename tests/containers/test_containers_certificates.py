"""The services' certificates: whom they let in, and renewed while work goes on."""

import asyncio
import json
from pathlib import Path

import pytest
from cryptography import x509

from support.composition import SERVICES, Composition
from support.visitor import SeenEvent, Visitor, check_history, of_type

_LIST_RUNS = """
from pathlib import Path
import grpc
from roundtable.store.v1 import caller_pb2, run_service_pb2, run_service_pb2_grpc
from roundtable_kit.credentials import channel_credentials
from roundtable_kit.identity import read_identity
caller = caller_pb2.Caller(
    kind=caller_pb2.CALLER_KIND_USER, email="owner@localhost"
)
channel = grpc.secure_channel(
    "store:7402",
    channel_credentials(read_identity(Path("/certificates"))),
    [("grpc.ssl_target_name_override", "store")],
)
try:
    run_service_pb2_grpc.RunServiceStub(channel).ListRuns(
        run_service_pb2.ListRunsRequest(caller=caller), timeout=10
    )
    print("ANSWERED")
except grpc.RpcError as error:
    print(error.code().name)
"""
_SHOWN_SERIAL = """
import socket, ssl
context = ssl.create_default_context(cafile="/certificates/ca.crt")
context.load_cert_chain("/certificates/service.crt", "/certificates/service.key")
context.set_alpn_protocols(["h2"])
with socket.create_connection(("{host}", {port}), timeout=10) as plain:
    with context.wrap_socket(plain, server_hostname="{host}") as connection:
        print(connection.getpeercert()["serialNumber"])
"""
_PORTS = {"store": 7402, "persona-runner": 7403}


@pytest.mark.parametrize(
    ("owner", "answer"),
    [("gateway", "ANSWERED"), ("persona-runner", "PERMISSION_DENIED")],
)
def test_a_certificate_of_the_house_is_not_enough(
    owner: str, answer: str, composition: Composition
) -> None:
    """On the store's network, the gateway is answered and the runner refused."""
    composition.up()

    outcome = composition.stranger(
        "store", _LIST_RUNS, image_of="store", certificates_of=owner
    )

    assert outcome.output.strip() == answer


def _has_words(event: SeenEvent) -> bool:
    return event.type == "turn.delta"


def _used_serials(composition: Composition) -> dict[str, int]:
    """Return the serial that each service shows its peers by now."""
    serials = {}
    for service, port in _PORTS.items():
        program = _SHOWN_SERIAL.format(host=service, port=port)
        outcome = composition.python("gateway", program)
        assert outcome.exit_code == 0, outcome.output
        serials[service] = int(outcome.output, 16)
    # The gateway shows its own only to those two, so its own word has to do.
    taken_up = [
        line
        for line in composition.logs("gateway").splitlines()
        if "certificate.loaded" in line or "certificate.renewed" in line
    ]
    serials["gateway"] = int(json.loads(taken_up[-1])["serial"], 16)
    return serials


def _issued_serials(composition: Composition) -> dict[str, int]:
    """Return the serial of the certificate in each service's volume."""
    pem = {
        service: composition.inside(service, "cat", "/certificates/service.crt").output
        for service in SERVICES
    }
    return {
        service: x509.load_pem_x509_certificate(text.encode()).serial_number
        for service, text in pem.items()
    }


async def test_a_renewal_in_the_middle_of_a_run_is_not_noticed(
    composition: Composition, visitor: Visitor, sample: Path
) -> None:
    """No turn fails, nobody is restarted, and all use their new certificates."""
    old = await asyncio.to_thread(_used_serials, composition)
    restarts = {service: composition.restarts(service) for service in SERVICES}
    run = await visitor.start(await visitor.upload(sample), panel_id="security_buyers")
    before = await visitor.follow(run["id"], until=_has_words, seconds=240)

    await asyncio.to_thread(
        composition.command, "run", "--rm", "--no-deps", "certs", "--renew"
    )
    at_renewal = await visitor.run(run["id"])
    after = await visitor.follow(run["id"], after=before[-1].sequence, seconds=240)

    assert at_renewal["state"] == "running"
    check_history(before + after)
    assert after[-1].type == "run.succeeded"
    assert of_type(before + after, "turn.failed") == []
    assert restarts == {service: composition.restarts(service) for service in SERVICES}
    new = await asyncio.to_thread(_used_serials, composition)
    assert new == await asyncio.to_thread(_issued_serials, composition)
    assert all(new[service] != old[service] for service in SERVICES)
