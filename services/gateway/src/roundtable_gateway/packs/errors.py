"""What goes wrong with packs.

PackError
    A pack can't be used as it stands; its author can mend it.
DraftError
    What somebody wrote breaks the rules of packs, in one place or several.
UnknownEntryError
    A name that the catalogue does not hold.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and how to mend it.

    Attributes:
        path: The place, such as ``personas[2].owns[0]``; empty for the whole.
        problem: What is wrong there.
        mend: What to change.
    """

    path: str
    problem: str
    mend: str


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


class DraftError(Exception):
    """A persona or panel that somebody wrote can't be taken as it stands.

    Attributes:
        faults: What is wrong, in the order of the text; one or more.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Word the message from the first fault."""
        first = faults[0]
        super().__init__(f"{first.path}: {first.problem}; {first.mend}")
        self.faults = tuple(faults)


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
