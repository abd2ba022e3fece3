"""Bytes put into XML, and that they never get in each other's way."""

import pytest

from roundtable_gateway.documents.editing.xml_bytes import Splice, spliced, with_last


def test_splices_at_one_place_keep_their_order() -> None:
    """Those given first come first, whatever order the places are given in."""
    splices = [Splice(2, b"x"), Splice(1, b"1"), Splice(1, b"2"), Splice(2, b"y", 3)]

    assert spliced(b"abcd", splices) == b"a12bxyd"


@pytest.mark.parametrize("other", [Splice(2, b"y"), Splice(2, b"y", 4)])
def test_splice_within_another_is_an_error(other: Splice) -> None:
    """Bytes would come twice, and the author's file would not open."""
    with pytest.raises(AssertionError, match="overlap"):
        spliced(b"abcd", [Splice(1, b"x", 3), other])


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"<a><b/></a>", b"<a><b/><c/></a>"),
        (b'<x:a xmlns:x="y"/>', b'<x:a xmlns:x="y"><c/></x:a>'),
        (b"<a></a>\n", b"<a><c/></a>\n"),
    ],
)
def test_content_goes_last_into_the_root(source: bytes, expected: bytes) -> None:
    """Also into one that has no end tag yet."""
    assert with_last(source, b"<c/>") == expected
