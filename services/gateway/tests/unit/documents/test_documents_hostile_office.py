"""Slides made to do harm: each deck ends in its reason, within the promised bounds."""

import io
import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from roundtable_gateway.documents.errors import DocumentError, Reason
from roundtable_gateway.documents.extractor import Extractor
from support.slides import Deck, Page, group, shape

Save = Callable[[bytes], Path]

_TEXT = Page(shapes=shape("text"))
# What does not shrink, so that it is no bomb.
_NOISE = random.Random(3).randbytes(200_000).hex()  # noqa: S311 - a repeatable one
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


async def _reason(extractor: Extractor, path: Path) -> Reason:
    """Read what must be refused, and tell why it was; the reader ends it in time."""
    with pytest.raises(DocumentError) as caught:
        await extractor.read(path, "deck.pptx")
    return caught.value.reason


def _listed(target: str, mode: str = "Internal") -> Deck:
    """Return a deck whose one slide is said to be elsewhere."""
    relation = (
        f'<Relationship Id="rId9" Type="{_RELATED}/slide" Target="{target}" '
        f'TargetMode="{mode}"/>'
    )
    return Deck(pages=[_TEXT], order=["rId9"], relations=relation)


@pytest.mark.parametrize(
    ("deck", "reason"),
    [
        (Deck(pages=[_TEXT], extra={"ppt/a.bin": bytes(50_000_000)}), "UNSAFE_ARCHIVE"),
        (
            Deck(pages=[_TEXT], extra={f"ppt/{n}": b"" for n in range(2_001)}),
            "UNSAFE_ARCHIVE",
        ),
        (Deck(pages=[_TEXT], extra={"ppt/../../evil": b"x"}), "UNSAFE_ARCHIVE"),
        (Deck(pages=[_TEXT], order=["rId7"]), "UNREADABLE"),
        (Deck(pages=[_TEXT], order=[""]), "UNREADABLE"),
        (_listed("slides/slide7.xml"), "UNREADABLE"),
        (_listed("../../../../etc/passwd"), "UNREADABLE"),
        (_listed("/etc/passwd"), "UNREADABLE"),
        (_listed("file:///etc/passwd", "External"), "UNREADABLE"),
        (_listed("http://127.0.0.1:9/slide.xml", "External"), "UNREADABLE"),
        (Deck(pages=[_TEXT], order=["rId1"] * 501), "TOO_MANY_PAGES"),
        (Deck(pages=[Page(shapes=shape(_NOISE))], order=["rId1"] * 6), "TOO_MUCH_TEXT"),
        (Deck(pages=[Page()]), "EMPTY_DOCUMENT"),
        (Deck(pages=[]), "EMPTY_DOCUMENT"),
        (Deck(pages=[_TEXT], main="template.main"), "UNSUPPORTED_TYPE"),
    ],
    ids=[
        *("ratio", "entries", "path", "no relation", "no id", "no part", "outside"),
        *("absolute", "file", "address", "again and again", "text"),
        *("no text", "no slide", "other kind"),
    ],
)
async def test_deck_is_refused(
    extractor: Extractor, save: Save, deck: Deck, reason: str
) -> None:
    """Nothing outside the archive is looked at, and nothing is read without end."""
    assert await _reason(extractor, save(deck.packed())) == reason


async def test_one_large_slide_shown_often_is_counted_each_time(
    extractor: Extractor, save: Save
) -> None:
    """What is unpacked counts, also from the same part."""
    page = Page(shapes=f"<!-- {_NOISE} -->{shape('x')}")

    deck = Deck(pages=[page], order=["rId1"] * 500)

    assert await _reason(extractor, save(deck.packed())) is Reason.UNSAFE_ARCHIVE


@pytest.mark.parametrize(
    "prologue",
    [
        '<!DOCTYPE a [<!ENTITY a "bombs"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/evil.dtd">',
    ],
    ids=["bomb", "external", "dtd"],
)
@pytest.mark.parametrize("part", ["ppt/slides/slide1.xml", "ppt/presentation.xml"])
async def test_xml_with_entities_is_refused(
    extractor: Extractor, save: Save, prologue: str, part: str
) -> None:
    """No declaration is expanded in any part."""
    deck = Deck(pages=[_TEXT])
    content = Deck(extra={**deck.parts(), part: prologue + deck.parts()[part]})

    assert await _reason(extractor, save(content.packed())) is Reason.UNREADABLE


async def test_groups_within_groups_without_end_are_given_up(
    extractor: Extractor, save: Save
) -> None:
    """No program nests so deep."""
    shapes = f"<!-- {_NOISE} -->"
    for _ in range(600):
        shapes = group(shapes, at=(1, 1))

    deck = Deck(pages=[Page(shapes=shapes)])

    assert await _reason(extractor, save(deck.packed())) is Reason.TOO_COMPLEX


async def test_layout_that_is_its_own_master_is_read_once(
    extractor: Extractor, save: Save
) -> None:
    """A ring of relationships is not followed."""
    ring = Deck(
        pages=[Page(shapes=shape("text", frame='type="body"'), layout=1)],
        layouts=[shape("Click", frame='type="title"')],
    )
    listed = "ppt/slideLayouts/_rels/slideLayout1.xml.rels"
    turned = ring.parts()[listed].replace(
        "/ppt/slideMasters/slideMaster1.xml", "slideLayout1.xml"
    )

    deck = Deck(extra={**ring.parts(), listed: turned})
    document = await extractor.read(save(deck.packed()), "")

    assert document.text.text == "text"


@pytest.mark.parametrize("share", [0.2, 0.5, 0.95])
async def test_truncated_deck_is_unreadable(
    extractor: Extractor, save: Save, share: float
) -> None:
    """An upload that broke off has no directory."""
    content = Deck(pages=[_TEXT] * 20).packed()
    cut = content[: int(len(content) * share)]

    assert await _reason(extractor, save(cut)) is Reason.UNREADABLE


async def test_deck_with_a_broken_slide_is_unreadable(
    extractor: Extractor, save: Save
) -> None:
    """Half a slide is not read as a whole one."""
    deck = Deck(pages=[_TEXT], extra={"ppt/slides/slide1.xml": "<p:sld><p:c"})
    packed = io.BytesIO(deck.packed())
    assert zipfile.ZipFile(packed).testzip() is None

    assert await _reason(extractor, save(packed.getvalue())) is Reason.UNREADABLE
