"""Whether an element of HTML shows, by its own attributes and those around it.

Stylesheets are not applied: what only they hide counts as shown, and is reviewed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?|\\")
_ZERO = re.compile(r"[-+]?(?:0+\.?0*|\.0+)(?:[a-z]+|%)?")
_RELATIVE = re.compile(r"[\d.]+(?:r?em|ex|ch|%)|inherit|larger|smaller|unset")
_ZERO_IN_FONT = re.compile(r"(?:^|\s)0(?:\.0+)?(?:[a-z]+|%)?(?=\s|/)")


@dataclass(frozen=True, slots=True)
class Look:
    """What keeps text from being seen.

    Attributes:
        is_gone: It and all within takes no part in the page.
        is_invisible: It takes room and shows nothing; what is within may.
        is_tiny: Its letters have no size; what is within may have one.
    """

    is_gone: bool = False
    is_invisible: bool = False
    is_tiny: bool = False

    @property
    def is_hidden(self) -> bool:
        """Tell whether text does not show."""
        return self.is_gone or self.is_invisible or self.is_tiny

    def within(self, tag: str, attributes: Mapping[str, str | None]) -> "Look":
        """Return the look of an element that stands in one of this look."""
        look = self
        if "hidden" in attributes or (tag == "dialog" and "open" not in attributes):
            look = replace(look, is_gone=True)
        for name, value in _declarations(attributes.get("style") or ""):
            look = _styled(look, name, value)
        return look


def _declarations(style: str) -> list[tuple[str, str]]:
    if not style:
        return []
    plain = _ESCAPE.sub(_unescape, _COMMENT.sub("", style.lower()))
    pairs = (each.partition(":") for each in plain.split(";"))
    return [
        (name.strip(), value.replace("!important", "").strip())
        for name, _, value in pairs
    ]


def _unescape(match: re.Match[str]) -> str:
    return chr(min(int(match[1], 16), 0x10FFFF)) if match[1] else ""


def _styled(look: Look, name: str, value: str) -> Look:
    match name:
        case "display" if value == "none":
            return replace(look, is_gone=True)
        case "opacity" if _ZERO.fullmatch(value):
            return replace(look, is_gone=True)
        case "visibility" if value in ("hidden", "collapse", "visible"):
            return replace(look, is_invisible=value != "visible")
        case "font-size" if not _RELATIVE.fullmatch(value) or _ZERO.fullmatch(value):
            return replace(look, is_tiny=bool(_ZERO.fullmatch(value)))
        case "font":
            return replace(look, is_tiny=bool(_ZERO_IN_FONT.search(value)))
        case _:
            return look
