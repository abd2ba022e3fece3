"""What goes wrong with packs.

PackError
    A pack can't be used as it stands; its author can mend it.
UnknownEntryError
    A name that the catalogue does not hold.
"""


class PackError(Exception):
    """A pack file is wrong; says where, what, and how to mend it.

    Attributes:
        file: The file, relative to the packs' folder.
        path: The place within it, such as ``personas[2].owns[0]``; empty for the whole.
        problem: What is wrong there.
        mend: What to change.
    """

    def __init__(self, file: str, path: str, *, problem: str, mend: str) -> None:
        """Word the message from its four parts."""
        place = f"{file}: {path}" if path else file
        super().__init__(f"{place}: {problem}; {mend}")
        self.file = file
        self.path = path
        self.problem = problem
        self.mend = mend


class UnknownEntryError(LookupError):
    """Nothing of that name is in the catalogue.

    Attributes:
        kind: ``persona``, ``panel`` or ``rubric``.
        name: The name that was asked for.
    """

    def __init__(self, kind: str, name: str) -> None:
        """Word the message from kind and name."""
        super().__init__(f"no {kind} named {name!r}")
        self.kind = kind
        self.name = name
