"""The store's settings."""

from typing import Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from roundtable_kit.settings import ServiceSettings


class Settings(ServiceSettings):
    """What the store reads from its environment."""

    model_config = SettingsConfigDict(env_prefix="ROUNDTABLE_STORE_")

    address: str = "127.0.0.1:7402"
    database_url: str | None = Field(default=None, validation_alias="DATABASE_URL")

    @field_validator("database_url")
    @classmethod
    def _require_sqlite(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("sqlite:", "sqlite+")):
            raise ValueError(
                "DATABASE_URL must name an SQLite file, such as"
                " sqlite:////data/store.db; this version speaks nothing else"
            )
        return value

    @model_validator(mode="after")
    def _require_certificates(self) -> Self:
        self.require_certificates_off_loopback("address")
        return self

    @property
    def effective_database_url(self) -> str:
        """The database's URL, by default a file in the data directory."""
        default = f"sqlite:///{self.data_dir.absolute() / 'store.db'}"
        return self.database_url or default
