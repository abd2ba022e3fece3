"""All checks in their order: the gateway, this machine, the account."""

import ssl
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import httpx

from roundtable_cli.client import GatewayClient, is_loopback
from roundtable_cli.doctor.account import check_account
from roundtable_cli.doctor.certificates import (
    check_own_certificate,
    check_service_certificates,
)
from roundtable_cli.doctor.credentials import check_credentials
from roundtable_cli.doctor.data_folder import check_data_folder
from roundtable_cli.doctor.disk import check_disk, database_of, look_at_disk
from roundtable_cli.doctor.gateway import (
    GatewayView,
    check_clock,
    check_gateway,
    check_shown_certificate,
    check_versions,
    look_at_gateway,
)
from roundtable_cli.doctor.port import check_port
from roundtable_cli.doctor.result import Result, broken, doubtful, not_checked
from roundtable_cli.errors import (
    CliError,
    GatewayNotTrustedError,
    GatewayUnreachableError,
    RequestRefusedError,
)
from roundtable_cli.launcher.preparation import certificates_dir
from roundtable_cli.runner import Runner, get_runner, prove_account

_VERSION = version("roundtable-cli")
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, kw_only=True)
class Patient:
    """What is looked at.

    Attributes:
        server: The gateway's URL.
        is_named: Whether a person named it, rather than it being what `up` would serve.
        trust: Which certificates the gateway may show; None for the machine's own.
        token: The user's; None for none.
        data_dir: Where this machine's services keep their data, absolute.
        environment: This environment.
        login: The command that logs the gateway's runner in.
    """

    server: str
    is_named: bool
    trust: ssl.SSLContext | None
    token: str | None
    data_dir: Path
    environment: Mapping[str, str]
    login: str

    @property
    def is_here(self) -> bool:
        """Whether the gateway is this machine's."""
        return is_loopback(httpx.URL(self.server).host)


@dataclass(frozen=True, slots=True)
class Trial:
    """A tiny turn to try the account with, its default model where none is named."""

    model: str | None


async def examine(patient: Patient, trial: Trial | None) -> AsyncIterator[Result]:
    """Yield the checks' results, the gateway's first.

    Args:
        patient: What is looked at.
        trial: What to try the account with; None not to.
    """
    async with GatewayClient.connect(
        patient.server, token=patient.token, trust=patient.trust
    ) as client:
        view: GatewayView | None = None
        try:
            view = await look_at_gateway(client)
            result = check_gateway(view)
            is_up = True
        except GatewayUnreachableError as error:
            result = _unreachable(patient, error)
            is_up = isinstance(error, GatewayNotTrustedError)
        yield result
        for each in _examine_machine(patient, is_up=is_up, is_known=view is not None):
            yield each
        if view is None:
            yield check_versions(None, client=_VERSION, cli_version=None)
            return
        shown = await check_shown_certificate(client.http.base_url, patient.trust)
        if shown is not None:
            yield shown
        yield check_clock(view.offset)
        async for result in _examine_runner(client, view, patient, trial):
            yield result


def _unreachable(patient: Patient, error: GatewayUnreachableError) -> Result:
    mend = " ".join(error.details)
    is_trusted = not isinstance(error, GatewayNotTrustedError)
    if patient.is_here and not patient.is_named and is_trusted:
        return doubtful(
            "gateway", f"{error.message} Only this machine is looked at.", mend=mend
        )
    return broken("gateway", error.message, mend=mend)


def _examine_machine(
    patient: Patient, *, is_up: bool, is_known: bool
) -> Iterator[Result]:
    """Yield what this machine tells, if the gateway is its own.

    Args:
        patient: What is looked at.
        is_up: Whether a gateway answers, be it one that is not trusted.
        is_known: Whether it was asked how it is.
    """
    if not patient.is_here:
        yield not_checked(
            "its machine",
            "port, data folder, disk, database, certificates and variables are not "
            "this machine's",
            mend="run roundtable doctor there for these",
        )
        return
    now, url = datetime.now(UTC), httpx.URL(patient.server)
    yield check_port(url.host, url.port or _PORTS[url.scheme], is_ours=is_up)
    folder = check_data_folder(patient.data_dir, is_gateway_up=is_up)
    yield folder
    if patient.data_dir.is_dir():
        yield from _examine_data(patient, now)
    certificate = patient.environment.get("ROUNDTABLE_GATEWAY_TLS_CERT_FILE")
    if certificate and not is_known:
        yield check_own_certificate(Path(certificate), now=now)
    yield check_credentials(patient.environment)


def _examine_data(patient: Patient, now: datetime) -> Iterator[Result]:
    database = database_of(patient.environment.get("DATABASE_URL"), patient.data_dir)
    yield from check_disk(look_at_disk(patient.data_dir, database), now=now)
    yield from check_service_certificates(certificates_dir(patient.data_dir), now=now)


async def _examine_runner(
    client: GatewayClient, view: GatewayView, patient: Patient, trial: Trial | None
) -> AsyncIterator[Result]:
    runner: Runner | None = None
    results: list[Result] = []
    try:
        test = await prove_account(client, trial.model) if trial else None
        runner = await get_runner(client)
        results += check_account(runner, test, login=patient.login)
    except RequestRefusedError as error:
        results.append(_refused(error))
    except CliError as error:
        results.append(broken("account", error.message, mend="see the gateway's log"))
    cli_version = runner.cli_version if runner else None
    yield check_versions(view, client=_VERSION, cli_version=cli_version)
    for result in results:
        yield result


def _refused(error: RequestRefusedError) -> Result:
    if error.status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        return not_checked("account", error.message, mend=" ".join(error.details))
    return broken("account", error.message, mend=" ".join(error.details))
