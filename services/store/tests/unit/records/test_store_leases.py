"""What of an append is in the log already, and who may append."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_kit.errors import Aborted, FailedPrecondition
from roundtable_store.records.leases import count_known, require_token


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)), max_size=30))
def test_repeated_appends_lead_to_one_log(spans: list[tuple[int, int]]) -> None:
    """Any appends, overlapping at will, write positions 0, 1, 2 … once each."""
    written: list[int] = []

    for first_index, count in spans:
        positions = range(first_index, first_index + count)
        try:
            known = count_known(first_index, count, appended=len(written))
        except FailedPrecondition:
            assert first_index > len(written)
            continue
        written += positions[known:]

    assert written == list(range(len(written)))


@pytest.mark.parametrize(("given_token", "is_held"), [(1, True), (3, True), (2, False)])
def test_claim_that_is_over_is_fenced(given_token: int, *, is_held: bool) -> None:
    """An older or unknown token is refused, and the right one once given back."""
    with pytest.raises(Aborted) as caught:
        require_token(given_token, current=2, is_held=is_held)

    assert caught.value.reason == "FENCED"
