"""The gateway's settings, read once from its environment."""

from datetime import timedelta
from pathlib import Path
from socket import gethostname
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from roundtable_gateway.access.hosts import normalize_origin
from roundtable_gateway.access.identity import AccessRules, AuthMode
from roundtable_gateway.domain.run import Budget
from roundtable_kit.settings import ServiceSettings, is_loopback

# What the models of Anthropic's take; an endpoint's may take less.
MODEL_WINDOW_TOKENS = 200_000
TURNS_AT_ONCE = 9

_SMALLEST_WINDOW_TOKENS = 16_000
_REPOSITORY = Path(__file__).parents[4]


class GatewaySettings(ServiceSettings):
    """What the gateway can be told; everything works with none of it set."""

    model_config = SettingsConfigDict(env_prefix="ROUNDTABLE_GATEWAY_")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535, validation_alias="PORT")
    store_address: str = "127.0.0.1:7402"
    runner_address: str = "127.0.0.1:7403"
    auth: AuthMode = AuthMode.LOCAL
    local_port_is_protected: bool = False
    public_url: str | None = None
    tls_cert_file: Path | None = None
    tls_key_file: Path | None = None
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), validation_alias="CORS_ORIGINS"
    )
    admin_users: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), validation_alias="ADMIN_USERS"
    )
    personas_dir: Path = _REPOSITORY / "personas"
    page_dir: Path = _REPOSITORY / "frontend" / "out"
    holder: str = Field(default_factory=gethostname)
    lease: timedelta = timedelta(seconds=15)
    runs_at_once: int = Field(default=4, ge=1)
    turns_at_once: int = Field(default=TURNS_AT_ONCE, ge=1)
    model_window_tokens: int = Field(
        default=MODEL_WINDOW_TOKENS, ge=_SMALLEST_WINDOW_TOKENS
    )
    model_tokens_per_second: float | None = Field(
        default=None, gt=0, allow_inf_nan=False
    )
    daily_turns: int | None = Field(default=None, ge=0)
    daily_cost_usd: float | None = Field(default=None, ge=0, allow_inf_nan=False)

    @property
    def is_https(self) -> bool:
        """Whether people reach the gateway by HTTPS, its own or a proxy's."""
        is_proxied = self.public_url is not None and self.public_url.startswith(
            "https:"
        )
        return is_proxied or self.tls_cert_file is not None

    @property
    def day_budget(self) -> Budget:
        """What all runs together may spend in a day in UTC."""
        return Budget(turns=self.daily_turns, cost_usd=self.daily_cost_usd)

    @property
    def access(self) -> AccessRules:
        """How callers are known and who of them are admins."""
        return AccessRules(self.auth, frozenset(self.admin_users))

    @property
    def is_cleartext(self) -> bool:
        """Whether tokens reach the gateway unencrypted from other machines."""
        is_far = not is_loopback(self.host)
        return self.auth is AuthMode.TOKEN and is_far and not self.is_https

    @field_validator("cors_origins", "admin_users", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part for part in value.split(",") if part.strip())
        return value

    @field_validator("cors_origins")
    @classmethod
    def _normalize(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(normalize_origin(origin) for origin in value)

    @field_validator("admin_users")
    @classmethod
    def _fold(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        addresses = tuple(address.strip().lower() for address in value)
        if not all("@" in address for address in addresses):
            raise ValueError("ADMIN_USERS takes e-mail addresses, separated by commas")
        return addresses

    @field_validator("public_url")
    @classmethod
    def _normalize_url(cls, value: str | None) -> str | None:
        return None if value is None else normalize_origin(value)

    @model_validator(mode="after")
    def _certificate_has_its_key(self) -> Self:
        given = {
            "ROUNDTABLE_GATEWAY_TLS_CERT_FILE": self.tls_cert_file,
            "ROUNDTABLE_GATEWAY_TLS_KEY_FILE": self.tls_key_file,
        }
        missing = [name for name, path in given.items() if path is None]
        if len(missing) == 1:
            raise ValueError(
                f"{missing[0]}: HTTPS takes a certificate and its key; set both of "
                f"{' and '.join(given)}, or neither"
            )
        return self

    @model_validator(mode="after")
    def _require_certificates(self) -> Self:
        self.require_certificates_off_loopback("store_address", "runner_address")
        return self

    @model_validator(mode="after")
    def _local_mode_stays_local(self) -> Self:
        is_safe = self.local_port_is_protected or is_loopback(self.host)
        if self.auth is not AuthMode.LOCAL or is_safe:
            return self
        raise ValueError(
            "ROUNDTABLE_GATEWAY_HOST: with ROUNDTABLE_GATEWAY_AUTH=local everybody who "
            "reaches the port is the owner, so it must be a loopback address such as "
            "127.0.0.1; set ROUNDTABLE_GATEWAY_LOCAL_PORT_IS_PROTECTED=yes only where "
            "something else keeps others out (a container's port published on loopback)"
        )
