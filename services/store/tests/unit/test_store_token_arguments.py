"""What `create-token` takes, and what it refuses before it touches anything."""

import argparse

import pytest

from roundtable_store.create_token import add_arguments


@pytest.fixture
def parser() -> argparse.ArgumentParser:
    """The sub-command's own parser."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return parser


def test_address_is_enough(parser: argparse.ArgumentParser) -> None:
    """In lower case, 90 days, under a name that says what it is."""
    arguments = parser.parse_args(["Ada@Example.ORG"])

    assert vars(arguments) == {
        "email": "ada@example.org",
        "days": 90,
        "name": "first token",
    }


@pytest.mark.parametrize(
    "words",
    [
        [],
        [""],
        ["ada"],
        ["ada@"],
        ["@example.org"],
        ["ada@example.org\n"],
        ["a b@example.org"],
        ["ada@-example.org"],
        ["ada@example..org"],
        ["ada@b.org,bob@b.org"],
        [f"{'a' * 250}@b.org"],
        ["ada@b.org", "--days", "0"],
        ["ada@b.org", "--days", "367"],
        ["ada@b.org", "--days", "-1"],
        ["ada@b.org", "--days", "x"],
        ["ada@b.org", "--days", "\u0663"],
        ["ada@b.org", "--days", "9" * 5_000],
        ["ada@b.org", "--name", ""],
        ["ada@b.org", "--name", " "],
        ["ada@b.org", "--name", "two\nlines"],
        ["ada@b.org", "--name", "x" * 101],
    ],
)
def test_what_is_wrong_is_refused(
    parser: argparse.ArgumentParser, words: list[str]
) -> None:
    """An address as browsers take it, 1 to 366 days, a name of one line."""
    with pytest.raises(SystemExit) as caught:
        parser.parse_args(words)

    assert caught.value.code == 2
