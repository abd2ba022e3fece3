"""Which files of the user's machine the MCP server touches."""

import os
from pathlib import Path

import pytest

from roundtable_cli.mcp.document_file import (
    LARGEST_DOCUMENT_BYTES,
    new_file,
    read_document,
    save_new,
)
from roundtable_cli.mcp.parsing import ArgumentError


def _refusal(named: Path | str) -> str:
    with pytest.raises(ArgumentError) as refused:
        read_document(str(named))
    (line,) = refused.value.details
    assert line.startswith("path: ")
    return line


def test_a_named_document_is_read_and_its_real_place_told(tmp_path: Path) -> None:
    """A link from one document's name to another is followed, and said."""
    document = tmp_path / "launch.md"
    document.write_bytes(b"# Launch\n")
    link = tmp_path / "draft.TXT"
    link.symlink_to(document)

    direct, linked = read_document(str(document)), read_document(str(link))

    assert direct.content == linked.content == b"# Launch\n"
    assert direct.path == linked.path == document


@pytest.mark.parametrize("named", ["launch.md", "~/launch.md", "./launch.md", "a\0.md"])
def test_only_absolute_paths_are_read(named: str) -> None:
    """Where the server was started must not choose the file."""
    assert "absolute" in _refusal(named)


def test_a_path_that_climbs_is_refused(tmp_path: Path) -> None:
    """What the user reads in the call is where the file lies."""
    (tmp_path / "launch.md").touch()

    assert "'..'" in _refusal(f"{tmp_path}/folder/../launch.md")


def test_what_is_not_named_as_a_document_is_refused(tmp_path: Path) -> None:
    """Neither a key nor a link that hides one; the mend is in the words."""
    key = tmp_path / "id_ed25519"
    key.write_text("secret")
    link = tmp_path / "notes.md"
    link.symlink_to(key)

    for named in (key, link):
        line = _refusal(named)

        assert ".docx" in line
        assert "secret" not in line


def test_what_is_no_file_is_refused_at_once(tmp_path: Path) -> None:
    """A pipe without a writer does not hold the server up."""
    pipe, folder = tmp_path / "pipe.md", tmp_path / "folder.md"
    os.mkfifo(pipe)
    folder.mkdir()

    assert "is no file" in _refusal(pipe)
    assert "irectory" in _refusal(folder)
    assert "No such file" in _refusal(tmp_path / "nothing.md")


def test_a_ring_of_links_is_refused(tmp_path: Path) -> None:
    """It is said, not followed for ever."""
    ring = tmp_path / "ring.md"
    ring.symlink_to(ring)

    assert "cannot be read" in _refusal(ring)


def test_a_file_over_the_limit_is_refused(tmp_path: Path) -> None:
    """The gateway would take no more either."""
    document = tmp_path / "long.md"
    with document.open("wb") as file:
        file.truncate(LARGEST_DOCUMENT_BYTES)
    assert len(read_document(str(document)).content) == LARGEST_DOCUMENT_BYTES

    with document.open("ab") as file:
        file.write(b"x")

    assert "20 MB" in _refusal(document)


def test_saving_never_overwrites(tmp_path: Path) -> None:
    """Neither a file nor what a link leads to."""
    precious = tmp_path / "precious.md"
    precious.write_text("mine")
    (tmp_path / "link.md").symlink_to(precious)

    for name in ("precious.md", "link.md"):
        path = new_file(str(tmp_path / name), suffix=".md")
        with pytest.raises(ArgumentError) as refused:
            save_new(path, b"yours")

        assert "save_to: " in refused.value.details[0]
    assert precious.read_text() == "mine"


def test_a_new_file_ends_in_its_formats_name(tmp_path: Path) -> None:
    """A report is never saved as something that runs."""
    with pytest.raises(ArgumentError, match="left alone"):
        new_file(str(tmp_path / "report.sh"), suffix=".md")

    path = new_file(str(tmp_path / "report.md"), suffix=".md")
    save_new(path, b"# Report\n")

    assert path.read_bytes() == b"# Report\n"


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """No folders are made on the way."""
    path = new_file(str(tmp_path / "none" / "report.md"), suffix=".md")

    with pytest.raises(ArgumentError) as refused:
        save_new(path, b"x")

    assert "No such file or directory" in refused.value.details[0]
