"""The base of every service's settings."""

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
        frozen=True, extra="ignore", populate_by_name=True, env_ignore_empty=True
    )

    data_dir: Path = Field(
        default=Path(".roundtable"), validation_alias="ROUNDTABLE_DATA_DIR"
    )
    log_level: LogLevel = Field(default="info", validation_alias="ROUNDTABLE_LOG_LEVEL")
    stop_on_stdin_eof: bool = Field(
        default=False, validation_alias="ROUNDTABLE_STOP_ON_STDIN_EOF"
    )
