"""The page on documents is complete."""

import re
from pathlib import Path

from roundtable_gateway.documents import blocks

_PAGE = Path(__file__).parents[5] / "docs" / "documents.md"
_RAISED = re.compile(r'DocumentWarning\(\s*"([A-Z_]+)"')
_LISTED = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)


def test_every_warning_is_explained() -> None:
    """What a reader can say of a document is on the page, and nothing else, sorted."""
    readers = Path(blocks.__file__).parent.glob("*.py")
    raised = {code for each in readers for code in _RAISED.findall(each.read_text())}

    listed = _LISTED.findall(_PAGE.read_text())

    assert listed == sorted(raised)
