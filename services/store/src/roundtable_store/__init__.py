"""The only service with the database."""
