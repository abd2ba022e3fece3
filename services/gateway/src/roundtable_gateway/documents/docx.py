"""DOCX to blocks: which parts of the archive are read, and in which order."""

from collections.abc import Iterator

from roundtable_gateway.documents.archive import Archive
from roundtable_gateway.documents.blocks import Block, Reading
from roundtable_gateway.documents.docx_parts import CommentCounter, Styles
from roundtable_gateway.documents.docx_story import Story, Tally
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.office import ContentTypes, parse
from roundtable_gateway.documents.text_budget import TextBudget
from roundtable_gateway.domain.document import DocumentWarning

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"


def read_docx(content: bytes, limits: Limits) -> Reading:
    """Read the body, then footnotes, endnotes, headers and footers.

    Raises:
        Refused: UNSUPPORTED_TYPE for another kind of archive, UNSAFE_ARCHIVE,
            ENCRYPTED, UNREADABLE, TOO_MUCH_TEXT.
    """
    archive = Archive(content, limits)
    types = ContentTypes.of(archive)
    if not _named(types, "document.main"):
        raise Refused(Reason.UNSUPPORTED_TYPE)
    styles = Styles()
    for name in _named(types, "styles"):
        parse(archive, name, styles)
    tally = Tally(TextBudget(limits.text_bytes))
    blocks: list[Block] = []
    for kind in ("document.main", "footnotes", "endnotes"):
        for name in _named(types, kind):
            blocks += parse(archive, name, Story(styles, tally)).blocks
    blocks += _margins(archive, types, Story(styles, tally))
    comments = CommentCounter()
    for name in _named(types, "comments"):
        parse(archive, name, comments)
    return Reading(tuple(blocks), warnings=tuple(_warnings(tally, comments.count)))


def _named(types: ContentTypes, kind: str) -> list[str]:
    return types.named(DOCX_TYPE.format(kind=kind))


def _margins(archive: Archive, types: ContentTypes, story: Story) -> Iterator[Block]:
    """Yield headers and footers, once where sections repeat them."""
    for kind in ("header", "footer"):
        for name in _named(types, kind):
            parse(archive, name, story)
    yield from dict.fromkeys(story.blocks)


def _warnings(tally: Tally, comments: int) -> Iterator[DocumentWarning]:
    if tally.deletions or tally.insertions:
        yield DocumentWarning(
            "TRACKED_CHANGES",
            f"The document has tracked changes: {tally.insertions} insertions were "
            f"taken in, {tally.deletions} deletions left out.",
        )
    if comments:
        yield DocumentWarning(
            "COMMENTS", f"{comments} comments in the margin were left out."
        )
    if tally.hidden_runs:
        yield DocumentWarning(
            "HIDDEN_TEXT",
            f"{tally.hidden_runs} stretches of hidden text were found. They are part "
            "of the text under review.",
        )
