"""Pages made to do harm: each is read or ends in its reason, within the bounds."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from roundtable_gateway.documents.errors import DocumentError, Reason
from roundtable_gateway.documents.extractor import Extractor
from roundtable_gateway.documents.limits import Limits

Save = Callable[[bytes], Path]

_PAGE = "<!doctype html><body>"


@pytest.fixture
def hurried() -> Extractor:
    """Return an extractor that gives up sooner, for the tests' sake."""
    return Extractor(Limits(cpu_seconds=2))


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 1_000_000 + "x",
        "<br>" * 4_000_000 + "x",
        "<span>" * 3_000_000 + "x",
        f"<p {' '.join(f'a{n}=1' for n in range(300_000))}>x",
        "".join(f"<b id={n}>" for n in range(4_000)) + "<p>x</p>" * 100_000,
    ],
    ids=["depth", "elements", "inline", "attributes", "formatting"],
)
async def test_page_that_costs_too_much_is_given_up(
    hurried: Extractor, save: Save, body: str
) -> None:
    """Neither memory nor time runs over, and the reason says so."""
    began = time.monotonic()

    with pytest.raises(DocumentError) as caught:
        await hurried.read(save((_PAGE + body).encode()), "a.html")

    assert caught.value.reason in {Reason.TOO_COMPLEX, Reason.TOO_MANY_PARAGRAPHS}
    assert time.monotonic() - began < Limits().wall_seconds


async def test_deep_page_is_read(extractor: Extractor, save: Save) -> None:
    """Nesting alone is no harm: nothing here calls itself."""
    body = "<b>" * 30_000 + "deep" + "</b>" * 30_000 + "<table><tr><td>" * 3_000 + "in"

    document = await extractor.read(save((_PAGE + body).encode()), "")

    assert [each.start for each in document.text.paragraphs] == [0, 6]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("x" * 2_000_001, Reason.TOO_MUCH_TEXT),
        ("<p>x" * 60_000, Reason.TOO_MANY_PARAGRAPHS),
        ("<p hidden>text", Reason.EMPTY_DOCUMENT),
        ("<script>text</script>", Reason.EMPTY_DOCUMENT),
        ("<p>&#8203;", Reason.EMPTY_DOCUMENT),
    ],
)
async def test_page_is_refused(
    extractor: Extractor, save: Save, body: str, reason: Reason
) -> None:
    """Text that shows is what counts, and there must be some."""
    with pytest.raises(DocumentError) as caught:
        await extractor.read(save((_PAGE + body).encode()), "a.html")

    assert caught.value.reason is reason


async def test_characters_no_text_may_hold_do_no_harm(
    extractor: Extractor, save: Save
) -> None:
    """References to half a pair, to nothing and to controls come out as text."""
    body = "<p>a&#xD800;b&#0;c&#x1b;d&#x110000;e&#x202e;f"

    document = await extractor.read(save((_PAGE + body).encode()), "")

    assert document.text.text == "a\ufffdb\ufffdcd\ufffde\u202ef"
    assert {each.code for each in document.warnings} == {
        "CONTROL_CHARACTERS_REMOVED",
        "HIDDEN_CHARACTERS",
    }
