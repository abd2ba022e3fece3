"""HTML to blocks: the text that a reader of the page sees, and what is kept from them.

Nothing is fetched or run, and no stylesheet is applied.
"""

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from roundtable_gateway.documents.blocks import Reading
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.html_charset import decode_html
from roundtable_gateway.documents.html_story import HtmlStory
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.text_budget import TextBudget
from roundtable_gateway.domain.document import DocumentWarning


def read_html(content: bytes, limits: Limits) -> Reading:
    """Read the page in the order of its source.

    Raises:
        Refused: UNSUPPORTED_TYPE if it is no text after all, TOO_MUCH_TEXT,
            TOO_COMPLEX.
    """
    decoded = decode_html(content)
    try:
        page = LexborHTMLParser(decoded.text)
    except SelectolaxError as err:
        # Every text is HTML to this parser; it gives up for want of memory alone.
        raise Refused(Reason.TOO_COMPLEX) from err
    story = HtmlStory(TextBudget(limits.text_bytes))
    if page.root is not None and page.root.parent is not None:
        _tell(page.root.parent.first_child or page.root, story)
    return Reading(
        tuple(story.blocks), warnings=decoded.warnings + tuple(_warnings(story))
    )


def _tell(first: LexborNode, story: HtmlStory) -> None:
    """Walk a node and all that follow; without recursion, as pages nest at will."""
    node: LexborNode | None = first
    opened: list[LexborNode] = []
    while node is not None or opened:
        if node is None:
            story.end()
            node = opened.pop().next
        elif _enter(node, story):
            opened.append(node)
            node = node.first_child
        else:
            node = node.next


def _enter(node: LexborNode, story: HtmlStory) -> bool:
    """Tell the story of a node; return whether what is within is to be told."""
    if node.is_element_node:
        return story.start(node.tag or "", node.attributes)
    if node.is_text_node:
        story.data(node.text_content or "")
    elif node.is_comment_node:
        story.comment(node.comment_content or "")
    return False


def _warnings(story: HtmlStory) -> Iterator[DocumentWarning]:
    if story.hidden.count:
        yield DocumentWarning(
            "HIDDEN_TEXT",
            f"{story.hidden.count} stretches of hidden text were left out: "
            f"{story.hidden}.",
        )
    if story.comments.count:
        yield DocumentWarning(
            "COMMENTS",
            f"{story.comments.count} comments in the source were left out: "
            f"{story.comments}.",
        )
    if story.pictures:
        yield DocumentWarning(
            "PICTURES_NOT_READ",
            f"{story.pictures} pictures or embedded contents are not reviewed, as only "
            "text is read.",
        )
