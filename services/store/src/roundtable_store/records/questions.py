"""The author's questions to panelists of a run at rest."""

from collections.abc import Callable
from dataclasses import dataclass

from roundtable_store.records.requests import CreateKey


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question to ask.

    Attributes:
        panelist_ids: Seats that shall answer, each once.
        render: Makes a turn's opaque body of its id and its seat; pure.
    """

    run_id: str
    panelist_ids: tuple[str, ...]
    key: CreateKey
    render: Callable[[str, str], bytes]
