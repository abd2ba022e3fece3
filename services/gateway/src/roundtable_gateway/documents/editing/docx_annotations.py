"""What each annotation of a DOCX carries: a number, who made it and when."""

from collections.abc import Mapping
from datetime import datetime

from roundtable_gateway.documents.docx_parts import word_value
from roundtable_gateway.documents.editing.xml_bytes import attribute

_LONGEST_ID = 9  # digits; what Word itself writes
_LONGEST_AUTHOR = 200  # Word takes 255


def id_in(attributes: Mapping[str, str]) -> int:
    """Return an annotation's number, 0 for none that Word would write."""
    value = word_value(attributes, "id") or ""
    return int(value) if value.isdecimal() and len(value) <= _LONGEST_ID else 0


def author_value(author: str) -> bytes:
    """Return an author's name as an attribute's value, as long as Word takes it."""
    return attribute(author[:_LONGEST_AUTHOR])


def date_value(time: datetime) -> bytes:
    """Return a time as an attribute's value."""
    return attribute(f"{time:%Y-%m-%dT%H:%M:%SZ}")
