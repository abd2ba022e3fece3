"""Brings the database to this version's schema."""

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine


def migrate(engine: Engine) -> None:
    """Apply the migrations that are missing; an unknown newer schema is an error."""
    config = Config()
    config.set_main_option("script_location", "roundtable_store.sql:migrations")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
