"""The base of every service's settings."""

from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

LogLevel = Literal["debug", "info", "warning", "error"]


class ServiceSettings(BaseSettings):
    """What every service reads from its environment; built once, in ``main``.

    A service sets ``env_prefix`` in its own ``model_config``; the names that services
    share carry an alias without a prefix.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        env_ignore_empty=True,
        # What was read may hold secrets, and errors are printed.
        hide_input_in_errors=True,
    )

    data_dir: Path = Field(
        default=Path(".roundtable"), validation_alias="ROUNDTABLE_DATA_DIR"
    )
    log_level: LogLevel = Field(default="info", validation_alias="ROUNDTABLE_LOG_LEVEL")
    certificates_dir: Path | None = Field(
        default=None, validation_alias="ROUNDTABLE_CERTIFICATES_DIR"
    )
    stop_on_stdin_eof: bool = Field(
        default=False, validation_alias="ROUNDTABLE_STOP_ON_STDIN_EOF"
    )

    def require_certificates_off_loopback(self, *fields: str) -> None:
        """Check that addresses of the services are loopback's, or have certificates.

        Raises:
            ValueError: One of them, named by its variable, needs certificates.
        """
        if self.certificates_dir is not None:
            return
        prefix = self.model_config.get("env_prefix", "")
        for field in fields:
            address = getattr(self, field)
            if not is_loopback(_host_of(address)):
                raise ValueError(
                    f"{prefix}{field.upper()}: {address} is not loopback, and without"
                    " certificates whoever reaches it is believed; make them with"
                    " `roundtable certs` and set ROUNDTABLE_CERTIFICATES_DIR, or use an"
                    " address such as 127.0.0.1:7400"
                )


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _host_of(address: str) -> str:
    """Return the host in a gRPC address, with or without scheme, port and brackets."""
    target = address.rpartition("/")[2].removeprefix("dns:")
    for scheme in ("ipv4:", "ipv6:"):
        target = target.removeprefix(scheme)
    if target.startswith("["):
        return target[1:].partition("]")[0]
    return target.rpartition(":")[0] or target
