"""Page tokens and sizes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_kit.errors import InvalidArgument
from roundtable_store.records.pages import Cursor
from roundtable_store.rpc.paging import to_page_request, to_page_token

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_times = st.integers(0, 2**52).map(lambda count: _EPOCH + timedelta(microseconds=count))


@given(_times, st.text(min_size=1))
def test_token_leads_back_to_its_cursor(moment: datetime, object_id: str) -> None:
    """To the microsecond, whatever the identifier."""
    cursor = Cursor(moment, object_id)

    assert to_page_request(0, to_page_token(cursor)).after == cursor


@given(st.text(min_size=1))
def test_no_text_is_more_than_refused(token: str) -> None:
    """A made-up token is BAD_PAGE_TOKEN, or happens to be one."""
    try:
        to_page_request(0, token)
    except InvalidArgument as error:
        assert error.reason == "BAD_PAGE_TOKEN"  # noqa: PT017 - both outcomes are right


@pytest.mark.parametrize(("asked", "size"), [(0, 20), (1, 1), (100, 100), (101, 100)])
def test_sizes_have_a_default_and_a_cap(asked: int, size: int) -> None:
    """Zero is 20, and more than 100 is lowered."""
    assert to_page_request(asked, "").size == size


def test_negative_size_is_refused() -> None:
    """The field is named."""
    with pytest.raises(InvalidArgument) as caught:
        to_page_request(-1, "")

    assert [violation.field for violation in caught.value.violations] == ["page_size"]
