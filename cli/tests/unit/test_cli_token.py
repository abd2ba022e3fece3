"""Where the user's token comes from."""

from pathlib import Path

import pytest

from roundtable_cli.token import TokenError, read_token


def test_token_comes_from_variable_or_file(tmp_path: Path) -> None:
    """Without the line end that a shell or an editor leaves; none is no error."""
    file = tmp_path / "token"
    file.write_text("rt_2\n")

    assert read_token({}) is None
    assert read_token({"ROUNDTABLE_TOKEN": "", "ROUNDTABLE_TOKEN_FILE": ""}) is None
    assert read_token({"ROUNDTABLE_TOKEN": "rt_1\n"}) == "rt_1"
    assert read_token({"ROUNDTABLE_TOKEN_FILE": str(file)}) == "rt_2"


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"rt_1 rt_2", b"rt_1\nrt_2", b"rt_\xc3\xa9", b"rt_\xff", b"rt_\0"],
)
def test_what_is_no_token_is_refused_unseen(tmp_path: Path, content: bytes) -> None:
    """What could not stand in a header; the error names the variable alone."""
    file = tmp_path / "token"
    file.write_bytes(content)

    with pytest.raises(TokenError, match="ROUNDTABLE_TOKEN_FILE") as caught:
        read_token({"ROUNDTABLE_TOKEN_FILE": str(file)})

    assert "rt_1" not in caught.value.message


def test_missing_file_and_two_tokens_are_refused(tmp_path: Path) -> None:
    """Rather than to go on as a stranger, or as one of two."""
    missing = str(tmp_path / "none")

    with pytest.raises(TokenError, match="cannot be read"):
        read_token({"ROUNDTABLE_TOKEN_FILE": missing})
    with pytest.raises(TokenError, match="both set"):
        read_token({"ROUNDTABLE_TOKEN": "rt_1", "ROUNDTABLE_TOKEN_FILE": missing})
