"""Reading YAML strictly."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_gateway.packs.errors import PackError
from roundtable_gateway.packs.pack_text import read_yaml

_PLAIN = (str, int, float, dict, list, dt.date, type(None))


def test_plain_yaml_becomes_plain_values() -> None:
    """Mappings, lists, texts, numbers and truth values are read as such."""
    text = "name: A b\nlist: [1, true]\nfolded: >-\n  two\n  lines\n"

    values = read_yaml(text, file="a.yaml")

    assert values == {"name": "A b", "list": [1, True], "folded": "two lines"}


def test_json_is_read_too() -> None:
    """A shipped pack may be written in JSON."""
    assert read_yaml('{"a": ["b"]}', file="a.json") == {"a": ["b"]}


@pytest.mark.parametrize(
    ("text", "path", "problem"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3, column 1", "the key 'a' is given twice"),
        ("a: &x [1]\nb: *x\n", "line 2, column 4", "aliases are not allowed"),
        ("a: !!int ''\n", "line 1, column 4", "tags are not allowed"),
        ("a: !!python/name:os.system ''\n", "line 1, column 4", "tags are not"),
        ("? [a]\n: b\n", "line 1, column 3", "a key has to be one word"),
        ('a: "\\ud800"\n', "line 1, column 4", "half a surrogate pair"),
        ("a: [1\n", "line 2, column 1", "expected"),
        pytest.param("[" * 5000, "line 1, column 21", "too deep", id="brackets"),
        pytest.param(f"a: {'9' * 5000}", "line 1, column 4", "too long", id="digits"),
        pytest.param(
            f"a: 1{':1' * 5000}", "line 1, column 4", "too long", id="base 60"
        ),
    ],
)
def test_what_an_author_would_not_notice_is_refused(
    text: str, path: str, problem: str
) -> None:
    """The error names the file, the line and what stands there."""
    with pytest.raises(PackError) as caught:
        read_yaml(text, file="a.yaml")

    assert (caught.value.file, caught.value.path) == ("a.yaml", path)
    assert problem in caught.value.problem


@pytest.mark.parametrize("text", ["a: \x00", "a: 2026-13-45"])
def test_unreadable_text_is_refused_as_a_whole(text: str) -> None:
    """Control characters and impossible dates are the author's error."""
    with pytest.raises(PackError, match="can't be read"):
        read_yaml(text, file="a.yaml")


@given(
    st.text(
        alphabet=st.sampled_from("a1:-,.!&*<>|'\"[]{}?%@#~\\ \n\t\u00e4"), max_size=40
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text, however odd, ends in another error than PackError."""
    with contextlib.suppress(PackError):
        values = read_yaml(text, file="a.yaml")

        assert isinstance(values, _PLAIN)
