"""How much text a document may still give."""

from roundtable_gateway.documents.errors import Reason, Refused


class TextBudget:
    """Counts text down as it is read, so that no reader holds more than is allowed."""

    def __init__(self, text_bytes: int) -> None:
        self._left = text_bytes

    def take(self, text: str) -> None:
        """Count text.

        Raises:
            Refused: TOO_MUCH_TEXT.
        """
        self._left -= len(text.encode(errors="replace"))
        if self._left < 0:
            raise Refused(Reason.TOO_MUCH_TEXT)
