"""Splits an answer into its prose and the fenced block of JSON that ends it."""

import re
from collections.abc import Callable
from enum import Enum, auto

# A model that forgets the fence begins the JSON on a line of its own.
_OPENING = re.compile(r"```|(?:\n|\A)[ \t]*(?=\{)")
_OPENING_IN_PROSE = re.compile(r"```|\n[ \t]*(?=\{)")
# At the start of a line: within a string of valid JSON no line starts.
_CLOSING = re.compile(r"\n[ \t]*```")
_INFO_WORD = re.compile(r"[ \t\w.+-]*")


class _Place(Enum):
    BEFORE = auto()  # nothing was said yet
    PROSE = auto()
    INFO_WORD = auto()  # "json", right behind the fence
    BLOCK = auto()
    BEHIND = auto()


class FenceSplitter:
    """Takes a text in pieces of any length and passes on prose and block apart.

    Neither fence ever reaches the prose, nor does the space before it. A block that is
    not closed ends with the text; what follows a closed one is dropped.

    Attributes:
        dropped_characters: How much has come behind the block.
    """

    def __init__(
        self, *, on_prose: Callable[[str], None], on_block: Callable[[str], None]
    ) -> None:
        self.dropped_characters = 0
        self._on_prose = on_prose
        self._on_block = on_block
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
        if self._place in {_Place.BEFORE, _Place.PROSE}:
            self._pass_on(self._on_prose, held.rstrip())
        elif self._place is _Place.BLOCK:
            self._pass_on(self._on_block, held)

    def _step(self) -> bool:
        """Take what is held one place further; tell whether another step may follow."""
        match self._place:
            case _Place.BEFORE | _Place.PROSE:
                return self._take_prose()
            case _Place.INFO_WORD:
                return self._take_info_word()
            case _Place.BLOCK:
                return self._take_block()
            case _Place.BEHIND:
                self.dropped_characters += len(self._held)
                self._held = ""
                return False

    def _take_prose(self) -> bool:
        is_first = self._place is _Place.BEFORE
        opening = (_OPENING if is_first else _OPENING_IN_PROSE).search(self._held)
        if opening is None:
            # It may go on as a fence, or be the space before one.
            self._pass_all_but_tail(self._on_prose, self._held.rstrip("`").rstrip())
            return False
        self._pass_on(self._on_prose, self._held[: opening.start()].rstrip())
        self._held = self._held[opening.end() :]
        is_fence = opening[0] == "```"
        self._place = _Place.INFO_WORD if is_fence else _Place.BLOCK
        return True

    def _take_info_word(self) -> bool:
        word = _INFO_WORD.match(self._held)
        self._held = self._held[0 if word is None else word.end() :]
        if not self._held:
            return False
        self._place = _Place.BLOCK
        return True

    def _take_block(self) -> bool:
        closing = _CLOSING.search(self._held)
        if closing is None:
            tail = self._held.rstrip("`").rstrip(" \t").removesuffix("\n")
            self._pass_all_but_tail(self._on_block, tail)
            return False
        self._pass_on(self._on_block, self._held[: closing.start()])
        self._held = self._held[closing.end() :]
        self._place = _Place.BEHIND
        return True

    def _pass_all_but_tail(self, take: Callable[[str], None], text: str) -> None:
        self._held = self._held[len(text) :]
        self._pass_on(take, text)

    def _pass_on(self, take: Callable[[str], None], text: str) -> None:
        if not text:
            return
        if self._place is _Place.BEFORE:
            self._place = _Place.PROSE
        take(text)
