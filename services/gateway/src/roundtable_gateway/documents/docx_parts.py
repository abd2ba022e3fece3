"""The small parts of a DOCX."""

from collections.abc import Mapping

from roundtable_gateway.documents.office import Quiet

_WORD = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",  # the strict variant
)
_OFF = frozenset({"0", "false", "off", "none"})


def word_name(tag: str) -> str | None:
    """Return the local name of an element or attribute of WordprocessingML."""
    for namespace in _WORD:
        if tag.startswith(namespace):
            return tag.removeprefix(namespace)
    return None


def word_value(attributes: Mapping[str, str], name: str = "val") -> str | None:
    """Return a WordprocessingML attribute."""
    for namespace in _WORD:
        if (value := attributes.get(namespace + name)) is not None:
            return value
    return None


def is_on(attributes: Mapping[str, str]) -> bool:
    """Tell whether a switch such as ``w:vanish`` is on; without a value it is."""
    return word_value(attributes) not in _OFF


class CommentCounter(Quiet):
    """Counts the comments in the margin."""

    def __init__(self) -> None:
        self.count = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - the parser passes it
        """Count one."""
        self.count += word_name(tag) == "comment"


class Styles(Quiet):
    """Which styles make a heading, a list item or hidden text."""

    def __init__(self) -> None:
        self._style = ""
        self._parents: dict[str, str] = {}
        self._headings: set[str] = set()
        self._items: set[str] = set()
        self._hidden: set[str] = set()

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Note what an element says of the style it stands in."""
        value = word_value(attributes) or ""
        match word_name(tag):
            case "style":
                self._style = word_value(attributes, "styleId") or ""
            case "name" if value.lower().startswith(("heading ", "title")):
                self._headings.add(self._style)
            case "basedOn":
                self._parents[self._style] = value
            case "outlineLvl" if value in "012345678":
                self._headings.add(self._style)
            case "numId" if value != "0":
                self._items.add(self._style)
            case "vanish" if is_on(attributes):
                self._hidden.add(self._style)
            case _:
                pass

    def is_heading(self, style: str) -> bool:
        """Tell whether paragraphs of a style are headings."""
        return self._inherits(style, self._headings)

    def is_item(self, style: str) -> bool:
        """Tell whether paragraphs of a style are list items."""
        return self._inherits(style, self._items)

    def is_hidden(self, style: str) -> bool:
        """Tell whether text of a style does not show."""
        return self._inherits(style, self._hidden)

    def _inherits(self, style: str, chosen: set[str]) -> bool:
        seen: set[str] = set()
        while style and style not in seen:
            if style in chosen:
                return True
            seen.add(style)
            style = self._parents.get(style, "")
        return False
