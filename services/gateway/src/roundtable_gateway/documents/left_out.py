"""What a reader leaves out of a document, shown to its author by its first words."""

_SHOWN = 5
_SHOWN_CHARACTERS = 80
_LOOKED_AT = 1_000  # as white space counts for nothing


class LeftOut:
    """Counts stretches of text and keeps how the first few begin."""

    def __init__(self) -> None:
        self.count = 0
        self._beginnings: list[str] = []
        self._current = ""

    def add(self, text: str) -> None:
        """Take more of the stretch being left out."""
        if len(self._current) <= _SHOWN_CHARACTERS:
            shown = " ".join(_printable(text[:_LOOKED_AT]).split())
            self._current = f"{self._current} {shown}".strip()

    def close(self) -> None:
        """End the stretch, if there is one."""
        if not self._current:
            return
        self.count += 1
        if self.count <= _SHOWN:
            self._beginnings.append(_shortened(self._current))
        self._current = ""

    def __str__(self) -> str:
        """Return the beginnings, quoted."""
        rest = self.count - len(self._beginnings)
        quoted = ", ".join(f"“{each}”" for each in self._beginnings)
        return quoted + (f" and {rest} more" if rest else "")


def _shortened(text: str) -> str:
    if len(text) <= _SHOWN_CHARACTERS:
        return text
    return text[:_SHOWN_CHARACTERS].rstrip() + "…"


def _printable(text: str) -> str:
    # Nothing that a terminal obeys or that turns the reading direction.
    return "".join(each if each.isprintable() else " " for each in text)
