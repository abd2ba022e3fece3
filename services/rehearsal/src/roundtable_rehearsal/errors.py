"""What can be wrong with a turn."""


class TurnError(ValueError):
    """The message is not a turn that this engine can answer; the text says why."""
