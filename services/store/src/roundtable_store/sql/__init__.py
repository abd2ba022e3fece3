"""The store's database room: tables, migrations, one writer, a few readers.

Nothing of SQLAlchemy or SQLModel leaves it.
"""
