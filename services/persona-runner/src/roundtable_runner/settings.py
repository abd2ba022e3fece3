"""The runner's settings."""

import os
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from roundtable_kit.settings import ServiceSettings

_LOOPBACK = "localhost,127.0.0.1,::1"


class RunnerSettings(ServiceSettings):
    """What the runner reads from its environment; built once, in ``__main__``.

    The account is given by the CLI's own variables; each secret also as a file.
    """

    model_config = SettingsConfigDict(
        env_prefix="ROUNDTABLE_RUNNER_",
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        env_ignore_empty=True,
    )

    address: str = "127.0.0.1:7403"
    slots: int = Field(default=9, ge=1, le=64)
    warm: int | None = Field(default=None, ge=0, le=64)
    rehearsal_words_per_second: float = Field(default=30, gt=0)
    first_token_seconds: float = Field(default=60, gt=0)
    idle_seconds: float = Field(default=30, gt=0)
    total_seconds: float = Field(default=600, gt=0)
    unwatched_seconds: float = Field(default=60, gt=0)
    kept_seconds: float = Field(default=600, gt=0)
    stop_grace_seconds: float = Field(default=5, ge=0)

    https_proxy: str | None = Field(default=None, validation_alias="HTTPS_PROXY")
    http_proxy: str | None = Field(default=None, validation_alias="HTTP_PROXY")
    no_proxy: str | None = Field(default=None, validation_alias="NO_PROXY")
    node_extra_ca_certs: Path | None = Field(
        default=None, validation_alias="NODE_EXTRA_CA_CERTS"
    )

    claude_config_dir: Path | None = Field(
        default=None, validation_alias="CLAUDE_CONFIG_DIR"
    )
    anthropic_base_url: str | None = Field(
        default=None, validation_alias="ANTHROPIC_BASE_URL"
    )
    anthropic_api_key: SecretStr | None = Field(
        default=None, validation_alias="ANTHROPIC_API_KEY"
    )
    anthropic_api_key_file: Path | None = Field(
        default=None, validation_alias="ANTHROPIC_API_KEY_FILE"
    )
    anthropic_auth_token: SecretStr | None = Field(
        default=None, validation_alias="ANTHROPIC_AUTH_TOKEN"
    )
    anthropic_auth_token_file: Path | None = Field(
        default=None, validation_alias="ANTHROPIC_AUTH_TOKEN_FILE"
    )
    claude_code_oauth_token: SecretStr | None = Field(
        default=None, validation_alias="CLAUDE_CODE_OAUTH_TOKEN"
    )
    claude_code_oauth_token_file: Path | None = Field(
        default=None, validation_alias="CLAUDE_CODE_OAUTH_TOKEN_FILE"
    )

    @field_validator("anthropic_base_url")
    @classmethod
    def _check_base_url(cls, url: str | None) -> str | None:
        return None if url is None else _checked_base_url(url)

    @model_validator(mode="after")
    def _check_secrets(self) -> Self:
        for name in _SECRETS:
            self._secret(name)
        return self

    @model_validator(mode="after")
    def _require_certificates(self) -> Self:
        self.require_certificates_off_loopback("address")
        return self

    @property
    def config_dir(self) -> Path:
        """Where the CLI keeps a login."""
        return self.claude_config_dir or self.data_dir / "claude"

    @property
    def network(self) -> dict[str, str]:
        """What the CLI is told of the network; an empty mapping tells nothing."""
        given = {
            "HTTPS_PROXY": self.https_proxy,
            "HTTP_PROXY": self.http_proxy,
            "NODE_EXTRA_CA_CERTS": self.node_extra_ca_certs,
        }
        told = {name: str(value) for name, value in given.items() if value is not None}
        if self.https_proxy or self.http_proxy:
            # The rehearsal engine, and a model beside us, are behind no proxy.
            told["NO_PROXY"] = ",".join(filter(None, (self.no_proxy, _LOOPBACK)))
        return told

    @property
    def api_key(self) -> str | None:
        """ANTHROPIC_API_KEY, given or read from its file."""
        return self._secret("anthropic_api_key")

    @property
    def auth_token(self) -> str | None:
        """ANTHROPIC_AUTH_TOKEN, given or read from its file."""
        return self._secret("anthropic_auth_token")

    @property
    def oauth_token(self) -> str | None:
        """CLAUDE_CODE_OAUTH_TOKEN, given or read from its file."""
        return self._secret("claude_code_oauth_token")

    def _secret(self, name: str) -> str | None:
        given: SecretStr | None = getattr(self, name)
        path: Path | None = getattr(self, f"{name}_file")
        if path is None:
            return None if given is None else given.get_secret_value()
        variable = f"{name}_file".upper()
        if given is not None:
            raise ValueError(f"set {name.upper()} or {variable}, not both")
        try:
            secret = path.read_text().strip()
        except PermissionError as error:
            raise ValueError(
                f"{variable}: Permission denied: {path}: the user that the runner"
                f" runs as ({os.geteuid()}) must be able to read it; chmod 644 the"
                " file in a folder that is closed to others (chmod 700)"
            ) from error
        except UnicodeDecodeError as error:
            raise ValueError(f"{variable}: the file holds no text: {path}") from error
        except OSError as error:
            raise ValueError(f"{variable}: {error.strerror}: {path}") from error
        if not secret:
            raise ValueError(f"{variable}: the file is empty: {path}")
        return secret


def _checked_base_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_address = is_address and parts.port != 0  # asking raises for what is none
    except ValueError:
        is_address = False
    if not is_address or any(character.isspace() for character in url):
        raise ValueError("is no address such as http://127.0.0.1:8080")
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds a password; give it in ANTHROPIC_AUTH_TOKEN instead")
    if parts.query or parts.fragment:
        raise ValueError("has something behind ? or #; the CLI appends /v1/messages")
    if parts.path.rstrip("/").endswith("/v1/messages"):
        raise ValueError("ends in /v1/messages, which the CLI appends; leave it out")
    return url.rstrip("/")


_SECRETS = ("anthropic_api_key", "anthropic_auth_token", "claude_code_oauth_token")
