"""A run with its document, as one JSON file."""

from dataclasses import dataclass, fields
from typing import Literal, Self

from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.http.schemas.document import NumberedText
from roundtable_gateway.http.schemas.whole_run import Run

FormatVersion = Literal[1]


@dataclass(frozen=True, slots=True)
class RunExport(Run):
    """A run, whole, with the text that its quotes point into.

    `format_version` grows when a reader of the one before would misread the file;
    fields may be added without it.
    """

    document_text: NumberedText
    format_version: FormatVersion

    @classmethod
    def of_run(cls, detail: RunDetail, text: DocumentText) -> Self:
        """Return the export of a run."""
        run = Run.of(detail)
        return cls(
            **{field.name: getattr(run, field.name) for field in fields(Run)},
            document_text=NumberedText.of(text),
            format_version=1,
        )
