"""The nouns of the HTTP contract as frozen dataclasses; every room speaks in them.

Field names and enum values are the contract's own, so that one word means one thing
from the page to the database. Nothing here does I/O or knows a framework.
"""
