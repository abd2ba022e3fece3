"""Notices a model that has begun to say the same thing for ever."""

_WINDOW_CHARACTERS = 1_200
_LONGEST_PERIOD = _WINDOW_CHARACTERS // 3
_CHARACTERS_BETWEEN_LOOKS = 100


class LoopWatch:
    """Looks at the end of a text as it grows."""

    def __init__(self) -> None:
        self._tail = ""
        self._unseen = 0

    def is_looping(self, text: str) -> bool:
        """Take the next piece; tell whether the end repeats itself three times over."""
        self._tail = (self._tail + text)[-_WINDOW_CHARACTERS:]
        self._unseen += len(text)
        if self._unseen < _CHARACTERS_BETWEEN_LOOKS:
            return False
        self._unseen = 0
        return len(self._tail) == _WINDOW_CHARACTERS and any(
            self._tail[period:] == self._tail[:-period]
            for period in range(1, _LONGEST_PERIOD + 1)
        )
