"""All tables as one schema, for migrations and the tests that hold them to it."""

from roundtable_store.sql import library_tables, tables
from roundtable_store.sql.columns import METADATA

__all__ = ["METADATA", "library_tables", "tables"]
