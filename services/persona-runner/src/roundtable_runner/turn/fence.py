"""Splits an answer into its prose and the fenced blocks of JSON that end it."""

import re
from collections.abc import Callable
from enum import Enum, auto

# Prose may quote code and hold braces, so a fence opens a block only where an object
# begins behind it. A model that forgets the fence begins the object on a line of its
# own. All of it is bounded, as it is held back until it is known.
_FENCE = r"`{3,9}[ \t\w.+-]{0,40}\s{0,40}"
_LINE = r"[ \t]*"
_OBJECT = r"\{\s{0,40}"
_OPENING = re.compile(rf'{_FENCE}(?=\{{)|\n{_LINE}(?={_OBJECT}")')
_FIRST_OPENING = re.compile(rf'{_OPENING.pattern}|\A{_LINE}(?={_OBJECT}")')
# The end of a text that may go on as an opening.
_HALF_OPENING = re.compile(rf"(?:`{{1,2}}|{_FENCE}|\n{_LINE}(?:{_OBJECT})?)\Z")
_FIRST_HALF_OPENING = re.compile(rf"{_HALF_OPENING.pattern}|\A{_LINE}(?:{_OBJECT})?\Z")
# At the start of a line: within a string of valid JSON no line starts.
_CLOSING = re.compile(r"\n[ \t]*```")


class _Place(Enum):
    BEFORE = auto()  # nothing was said yet
    PROSE = auto()
    FENCED_BLOCK = auto()
    BARE_BLOCK = auto()
    BETWEEN = auto()  # behind a block that was not the one
    BEHIND = auto()


class FenceSplitter:
    """Takes a text in pieces of any length and passes on prose and blocks apart.

    No fence of a block ever reaches the prose, nor does the space before it. A block
    that is not closed ends with the text; what stands between and behind blocks is
    dropped.

    Args:
        on_prose: Takes what is said before the first block.
        on_block: Takes what is in a block.
        on_closed: Told that a block is closed; returns whether it is the one that was
            looked for. Behind that one no other is.

    Attributes:
        dropped_characters: How much has come behind a block.
    """

    def __init__(
        self,
        *,
        on_prose: Callable[[str], None],
        on_block: Callable[[str], None],
        on_closed: Callable[[], bool],
    ) -> None:
        self.dropped_characters = 0
        self._on_prose = on_prose
        self._on_block = on_block
        self._on_closed = on_closed
        self._place = _Place.BEFORE
        self._held = ""

    def feed(self, text: str) -> None:
        """Take the next piece."""
        self._held += text
        while self._step():
            pass

    def close(self) -> None:
        """Pass on what was held back, as the text has ended."""
        held, self._held = self._held, ""
        match self._place:
            case _Place.BEFORE | _Place.PROSE:
                self._pass_on(held.rstrip())
            case _:
                self._pass_on(held)

    def _step(self) -> bool:
        """Take what is held one place further; tell whether another step may follow."""
        match self._place:
            case _Place.BEFORE:
                return self._look_for_block(_FIRST_OPENING, _FIRST_HALF_OPENING)
            case _Place.PROSE | _Place.BETWEEN:
                return self._look_for_block(_OPENING, _HALF_OPENING)
            case _Place.FENCED_BLOCK | _Place.BARE_BLOCK:
                return self._take_block()
            case _Place.BEHIND:
                self._pass_up_to(len(self._held))
                return False

    def _look_for_block(
        self, opening: re.Pattern[str], half_opening: re.Pattern[str]
    ) -> bool:
        found = opening.search(self._held)
        if found is None:
            half = half_opening.search(self._held)
            end = len(self._held) if half is None else half.start()
            # The space before an opening is held back with it.
            self._pass_up_to(len(self._held[:end].rstrip()))
            return False
        self._pass_on(self._held[: found.start()].rstrip())
        self._held = self._held[found.end() :]
        is_fenced = "`" in found[0]
        self._place = _Place.FENCED_BLOCK if is_fenced else _Place.BARE_BLOCK
        return True

    def _take_block(self) -> bool:
        closing = _CLOSING.search(self._held)
        if closing is None:
            tail = self._held.rstrip("`").rstrip(" \t").removesuffix("\n")
            self._pass_up_to(len(tail))
            return False
        self._pass_on(self._held[: closing.start()])
        # The fence behind a block without one may open the next.
        is_fenced = self._place is _Place.FENCED_BLOCK
        self._held = self._held[closing.end() if is_fenced else closing.start() :]
        self._place = _Place.BEHIND if self._on_closed() else _Place.BETWEEN
        return True

    def _pass_up_to(self, end: int) -> None:
        text, self._held = self._held[:end], self._held[end:]
        self._pass_on(text)

    def _pass_on(self, text: str) -> None:
        if not text:
            return
        match self._place:
            case _Place.BEFORE | _Place.PROSE:
                self._place = _Place.PROSE
                self._on_prose(text)
            case _Place.FENCED_BLOCK | _Place.BARE_BLOCK:
                self._on_block(text)
            case _Place.BETWEEN | _Place.BEHIND:
                self.dropped_characters += len(text)
