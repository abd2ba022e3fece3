"""Edits in a child of their own: what comes back, and what hostile files get."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.editing.editor import Editor
from roundtable_gateway.documents.editing.edits import (
    Commenting,
    Edited,
    Obstacle,
    Remark,
    Rewrite,
    Rewriting,
)
from roundtable_gateway.documents.editing.wire import (
    decode_answer,
    decode_order,
    encode_edited,
    encode_order,
    encode_refusal,
)
from roundtable_gateway.documents.errors import DocumentError, Reason
from roundtable_gateway.documents.limits import Limits
from services.gateway.tests.support.word import pack, package, paragraph, parts_of, run

_TIME = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_COMMENTING = Commenting("Words.", (Remark("Ann", ("Hm.",), 0, 5),), _TIME)
_REWRITING = Rewriting("Words.", (Rewrite("Ann", 0, 5, "Wörter"),), _TIME)
_WORDS = package(paragraph(run("Words.")))


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), 1_000):
        yield content[start : start + 1_000]


async def _edit(
    content: bytes,
    order: Commenting | Rewriting,
    folder: Path,
    *,
    media_type: MediaType = MediaType.DOCX,
    limits: Limits | None = None,
) -> Edited:
    editor = Editor(limits)
    return await editor.edit(
        _chunks(content), order, media_type=media_type, folder=folder
    )


def _is_empty(folder: Path) -> bool:
    return not any(folder.iterdir())


async def _reason(
    content: bytes, folder: Path, *, limits: Limits | None = None
) -> Reason:
    with pytest.raises(DocumentError) as caught:
        await _edit(content, _COMMENTING, folder, limits=limits)
    assert _is_empty(folder)
    return caught.value.reason


async def test_edits_come_back_and_nothing_stays(tmp_path: Path) -> None:
    """The order is carried out in a child, by the type of the file."""
    commented = await _edit(_WORDS, _COMMENTING, tmp_path)
    tracked = await _edit(_WORDS, _REWRITING, tmp_path)
    plain = await _edit(b"Words.", _REWRITING, tmp_path, media_type=MediaType.PLAIN)

    assert b'w:author="Ann"' in parts_of(commented.content)["word/comments.xml"]
    assert b"<w:delText" in parts_of(tracked.content)["word/document.xml"]
    assert plain == Edited("Wörter.".encode(), (None,))
    assert _is_empty(tmp_path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04 broken", Reason.UNREADABLE),
        (package("", extra={"a.bin": bytes(50_000_000)}), Reason.UNSAFE_ARCHIVE),
        (package("", extra={"../../evil": b"x"}), Reason.UNSAFE_ARCHIVE),
        (pack({"a.txt": b"x"}), Reason.UNSUPPORTED_TYPE),
        (package("<w:p/>" + "<w:p>" * 600), Reason.TOO_COMPLEX),
        (package("<w:p>"), Reason.UNREADABLE),
    ],
    ids=["broken", "bomb", "path", "other kind", "deep", "unclosed"],
)
async def test_hostile_file_ends_in_its_reason(
    tmp_path: Path, content: bytes, reason: Reason
) -> None:
    """As in reading: what was taken once may have been changed in the store."""
    assert await _reason(content, tmp_path) is reason


@pytest.mark.parametrize(
    "part", ["word/document.xml", "[Content_Types].xml", "word/comments.xml"]
)
async def test_entities_are_refused_in_every_part(tmp_path: Path, part: str) -> None:
    """No declaration is expanded, wherever it stands."""
    comments = f"<w:comments>{paragraph(run('old'))}</w:comments>"
    parts = parts_of(package(paragraph(run("Words.")), parts={"comments": comments}))
    bomb = b'<!DOCTYPE a [<!ENTITY a "b">]>'
    declaration, _, rest = parts[part].rpartition(b"?>\n")
    parts[part] = (declaration + b"?>\n" if declaration else b"") + bomb + rest

    assert await _reason(pack(parts), tmp_path) is Reason.UNREADABLE


async def test_relation_to_comments_outside_is_not_followed(tmp_path: Path) -> None:
    """A target that leads out of the package is a part that is missing."""
    parts = parts_of(
        package(
            paragraph(run("Words.")),
            parts={"comments": f"<w:comments>{paragraph(run('x'))}</w:comments>"},
        )
    )
    rels = parts["word/_rels/document.xml.rels"]
    parts["word/_rels/document.xml.rels"] = rels.replace(
        b'"comments.xml"', b'"../../../../etc/passwd"'
    )

    assert await _reason(pack(parts), tmp_path) is Reason.UNREADABLE


async def test_child_is_held_to_its_memory(tmp_path: Path) -> None:
    """It has confined itself before it looks at the file."""
    noise = random.Random(5).randbytes(30_000_000)  # noqa: S311 - a repeatable one
    content = package(paragraph(run("Words.")), extra={"word/media/a.bin": noise})
    limits = Limits(file_bytes=50_000_000, memory_bytes=100_000_000)

    assert await _reason(content, tmp_path, limits=limits) is Reason.TOO_COMPLEX


async def test_child_over_the_wall_time_is_killed(tmp_path: Path) -> None:
    """Whatever it is at."""
    limits = Limits(wall_seconds=0.01)

    reason = await _reason(_WORDS, tmp_path, limits=limits)

    assert reason is Reason.READING_TIMED_OUT


async def test_cancelled_edit_leaves_nothing(tmp_path: Path) -> None:
    """Neither its folder nor, with it, its child."""
    begun = asyncio.Event()

    async def content() -> AsyncIterator[bytes]:
        yield _WORDS
        begun.set()
        await asyncio.Event().wait()

    editing = asyncio.create_task(
        Editor().edit(
            content(), _COMMENTING, media_type=MediaType.DOCX, folder=tmp_path
        )
    )
    await begun.wait()
    editing.cancel()

    with pytest.raises(asyncio.CancelledError):
        await editing
    assert _is_empty(tmp_path)


@pytest.mark.parametrize("order", [_COMMENTING, _REWRITING])
def test_orders_come_back_equal(order: Commenting | Rewriting) -> None:
    """Through the file that the child reads."""
    assert decode_order(encode_order(order)) == order


def test_answers_come_back_equal() -> None:
    """A file of any bytes with its obstacles, or a refusal."""
    edited = Edited(bytes(range(256)) * 2, (Obstacle.MARKUP_CUT,))

    assert decode_answer(encode_edited(edited), _REWRITING) == edited
    assert decode_answer(encode_refusal(Reason.ENCRYPTED), _REWRITING) is (
        Reason.ENCRYPTED
    )
    with pytest.raises(ValueError, match="something else"):
        decode_answer(encode_edited(edited), _COMMENTING)


@pytest.mark.parametrize("header", ["{}", "[]", "1", "null", "[" * 5_000])
def test_header_of_another_shape_is_no_answer(header: str) -> None:
    """An error that is caught, not one that isn't."""
    with pytest.raises(ValueError, match=r"."):
        decode_answer(f"{header}\n".encode(), _REWRITING)


@given(
    st.dictionaries(
        st.sampled_from(["obstacles", "refused"]),
        st.none() | st.integers() | st.text() | st.lists(st.none() | st.text()),
    )
    | st.binary(max_size=40)
)
def test_whatever_a_child_was_made_to_say_is_taken_for_what_it_is(
    written: dict[str, object] | bytes,
) -> None:
    """An answer to this very order, or an error that is caught."""
    data = written if isinstance(written, bytes) else json.dumps(written).encode()

    with suppress(ValueError):
        answer = decode_answer(data + b"\nfile", _REWRITING)
        assert isinstance(answer, Edited)
        assert len(answer.obstacles) == len(_REWRITING.rewrites)
