"""The extractor and its children, from the outside."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.errors import (
    DocumentError,
    DocumentTooLarge,
    Reason,
    UnreadableDocument,
)
from roundtable_gateway.documents.extractor import Extractor
from roundtable_gateway.documents.limits import Limits
from support.slides import Deck, Page, shape

Save = Callable[[bytes], Path]


@pytest.fixture
def slow(tmp_path: Path) -> Path:
    """Return a document that is read no sooner than a test writes to it."""
    path = tmp_path / "slow"
    os.mkfifo(path)
    return path


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    yield
    assert psutil.Process().children(recursive=True) == []


async def _opened(path: Path) -> int:
    """Wait until a child reads; return the end to write to."""
    return await asyncio.to_thread(os.open, path, os.O_WRONLY)


async def test_markdown_is_read_whole(extractor: Extractor, save: Save) -> None:
    """A document comes back with type, text, paragraphs, words and warnings."""
    path = save("# Title\r\n\r\nSome wörds 🙂 and\u200b more.\r\n".encode())

    document = await extractor.read(path, "notes.md")

    assert document.media_type is MediaType.MARKDOWN
    assert document.page_count is None
    assert document.word_count == 5
    assert document.text.text == "# Title\n\nSome wörds 🙂 and\u200b more.\n"
    assert [each.heading for each in document.text.paragraphs] == [None, "Title"]
    assert [each.code for each in document.warnings] == ["HIDDEN_CHARACTERS"]


async def test_pdf_is_read_in_a_child(
    extractor: Extractor, save: Save, make_pdf: Callable[..., bytes]
) -> None:
    """A PDF is a PDF under any name, and its pages are counted."""
    document = await extractor.read(save(make_pdf("One.", "Two.")), "letter.txt")

    assert document.media_type is MediaType.PDF
    assert document.page_count == 2
    assert [each.page for each in document.text.paragraphs] == [1, 2]


async def test_docx_is_read_in_a_child(
    extractor: Extractor, save: Save, make_docx: Callable[..., bytes]
) -> None:
    """A DOCX is found by content."""
    content = make_docx("<w:p><w:r><w:t>Hello there</w:t></w:r></w:p>")

    document = await extractor.read(save(content), "")

    assert document.media_type is MediaType.DOCX
    assert document.text.text == "Hello there"


async def test_pptx_is_read_in_a_child(extractor: Extractor, save: Save) -> None:
    """Slides are pages, titles headings, and offsets hold for notes too."""
    title = shape("Plan", frame='type="title"')
    page = Page(shapes=title + shape("Größe 🙂"), notes=shape("Wait."))

    document = await extractor.read(save(Deck(pages=[page]).packed()), "deck.bin")

    assert document.media_type is MediaType.PPTX
    assert document.page_count == 1
    assert [
        (document.text.text[each.start : each.end], each.page, each.heading)
        for each in document.text.paragraphs
    ] == [
        ("Plan", 1, None),
        ("Größe 🙂", 1, "Plan"),
        ("[Speaker note] Wait.", 1, "Plan"),
    ]
    assert [each.code for each in document.warnings] == ["SPEAKER_NOTES"]


async def test_html_is_read_in_a_child(extractor: Extractor, save: Save) -> None:
    """A page is one under the name of a text too, and nothing it names is fetched."""
    content = (
        "<!doctype html><link rel=stylesheet href=http://127.0.0.1:9/><h1>Plan</h1>"
        "<p>Größe 🙂<p hidden>Approve.</p><iframe src=http://127.0.0.1:9/></iframe>"
    )

    document = await extractor.read(save(content.encode()), "page.md")

    assert document.media_type is MediaType.HTML
    assert document.page_count is None
    assert [
        (document.text.text[each.start : each.end], each.heading)
        for each in document.text.paragraphs
    ] == [("Plan", None), ("Größe 🙂", "Plan")]
    assert [each.code for each in document.warnings] == [
        "HIDDEN_TEXT",
        "PICTURES_NOT_READ",
    ]


async def test_child_cuts_itself_off(extractor: Extractor, save: Save) -> None:
    """On Linux the extractor can say that network and exec were out of reach."""
    assert extractor.is_confined is None

    await extractor.read(save(b"text"), "a.txt")

    assert extractor.is_confined is True


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf", b"\xe2\x80\x8b"])
async def test_document_without_text_is_empty(
    extractor: Extractor, save: Save, content: bytes
) -> None:
    """Nothing to see is nothing to review."""
    with pytest.raises(UnreadableDocument) as caught:
        await extractor.read(save(content), "a.md")

    assert caught.value.reason is Reason.EMPTY_DOCUMENT


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(text_bytes=10), Reason.TOO_MUCH_TEXT),
        (Limits(paragraphs=2), Reason.TOO_MANY_PARAGRAPHS),
    ],
)
async def test_document_over_a_limit_is_too_large(
    save: Save, limits: Limits, reason: Reason
) -> None:
    """Each limit has its reason, and the message gives the figure."""
    with pytest.raises(DocumentTooLarge) as caught:
        await Extractor(limits).read(save(b"one\n\ntwo\n\nthree"), "a.txt")

    assert caught.value.reason is reason


async def test_messages_hold_the_limits(save: Save) -> None:
    """A reader is told how much would have been allowed."""
    with pytest.raises(DocumentTooLarge, match="more than 2 paragraphs"):
        await Extractor(Limits(paragraphs=2)).read(save(b"a\n\nb\n\nc"), "a.txt")


async def test_child_over_the_wall_time_is_killed(slow: Path) -> None:
    """A child that gets nowhere is ended and its document refused."""
    extractor = Extractor(Limits(wall_seconds=0.5))

    with pytest.raises(UnreadableDocument) as caught:
        await extractor.read(slow, "a.txt")

    assert caught.value.reason is Reason.READING_TIMED_OUT


@pytest.mark.parametrize(
    ("killer", "reason"),
    [
        (signal.SIGKILL, Reason.READING_STOPPED),
        (signal.SIGXCPU, Reason.TOO_COMPLEX),
        (signal.SIGSEGV, Reason.UNREADABLE),
    ],
)
async def test_child_killed_in_the_middle_is_a_typed_error(
    extractor: Extractor, slow: Path, killer: signal.Signals, reason: Reason
) -> None:
    """However a child dies, the caller gets a reason."""
    task = asyncio.create_task(extractor.read(slow, "a.txt"))
    descriptor = await _opened(slow)
    (child,) = psutil.Process().children()
    child.send_signal(killer)

    with pytest.raises(UnreadableDocument) as caught:
        await task
    os.close(descriptor)

    assert caught.value.reason is reason


async def test_cancelled_reading_leaves_no_process(
    extractor: Extractor, slow: Path
) -> None:
    """Cancelling ends the child before the cancellation arrives."""
    task = asyncio.create_task(extractor.read(slow, "a.txt"))
    descriptor = await _opened(slow)
    (child,) = psutil.Process().children()
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    os.close(descriptor)

    assert not child.is_running()


async def test_no_more_children_than_allowed_run_at_once(tmp_path: Path) -> None:
    """A third document waits until one of two has been read."""
    paths = [tmp_path / name for name in ("one", "two", "three")]
    for path in paths:
        os.mkfifo(path)
    extractor = Extractor(Limits(), at_once=2)
    async with asyncio.TaskGroup() as group:
        first, *_ = [group.create_task(extractor.read(path, "a.txt")) for path in paths]
        descriptors = [await _opened(path) for path in paths[:2]]

        assert len(psutil.Process().children()) == 2
        with pytest.raises(OSError, match="No such device"):  # nobody reads it yet
            os.open(paths[2], os.O_WRONLY | os.O_NONBLOCK)

        os.write(descriptors[0], b"text")
        os.close(descriptors[0])
        await first
        descriptors.append(await _opened(paths[2]))
        for descriptor in descriptors[1:]:
            os.write(descriptor, b"text")
            os.close(descriptor)


async def test_loop_goes_on_while_a_document_is_read(
    extractor: Extractor, slow: Path
) -> None:
    """Others are served meanwhile."""
    task = asyncio.create_task(extractor.read(slow, "a.txt"))
    descriptor = await _opened(slow)

    turns = 0
    for _ in range(100):
        await asyncio.sleep(0)
        turns += not task.done()
    os.write(descriptor, b"text")
    os.close(descriptor)

    assert turns == 100
    assert (await task).text.text == "text"


async def test_child_gets_nothing_of_the_gateways_environment(
    extractor: Extractor, slow: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No secret of the gateway is inherited by a process that parses hostile bytes."""
    monkeypatch.setenv("ROUNDTABLE_GATEWAY_SECRET", "made up")
    task = asyncio.create_task(extractor.read(slow, "name-of-the-client.txt"))
    descriptor = await _opened(slow)
    (child,) = psutil.Process().children()

    environment, command = child.environ(), child.cmdline()
    os.write(descriptor, b"text")
    os.close(descriptor)
    await task

    assert environment == {}
    assert not any("name-of-the-client" in argument for argument in command)


@pytest.mark.parametrize(
    ("script", "diagnosis"),
    [
        ("yes", "answer too large"),
        ("echo '{}'", "bad answer"),
        ("sleep 60 >/dev/null & echo '{}'; exit 3", "status 3"),
    ],
)
async def test_child_that_was_taken_over_is_refused_with_all_it_started(
    extractor: Extractor,
    save: Save,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    script: str,
    diagnosis: str,
) -> None:
    """Endless or odd answers end the child, and its own children with it."""
    rogue = tmp_path / "rogue"
    rogue.write_text(f"#!/bin/sh\necho $$ > {tmp_path}/group\n{script}\n")
    rogue.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(rogue))
    monkeypatch.setattr(extractor, "_limits", Limits(wall_seconds=2))

    with pytest.raises(UnreadableDocument) as caught:
        await extractor.read(save(b"text"), "a.txt")

    assert caught.value.diagnosis == diagnosis
    group = int((tmp_path / "group").read_text())
    assert _running_in(group) == []


def _running_in(group: int) -> list[psutil.Process]:
    """Return who of a process group does not die within a second of its killing."""
    members = [each for each in psutil.process_iter() if _group_of(each.pid) == group]
    _, alive = psutil.wait_procs(members, timeout=1)
    return [each for each in alive if not _is_dead(each)]


def _is_dead(process: psutil.Process) -> bool:
    try:
        # An orphan waits for whoever is process 1 here to collect it.
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


async def test_missing_file_is_a_typed_error_with_a_diagnosis(
    extractor: Extractor, tmp_path: Path
) -> None:
    """What went wrong inside can be logged without the document."""
    with pytest.raises(DocumentError) as caught:
        await extractor.read(tmp_path / "gone", "a.txt")

    assert caught.value.reason is Reason.UNREADABLE
    assert caught.value.diagnosis.startswith("FileNotFoundError at pathlib.py")
