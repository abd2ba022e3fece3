"""The form of an answer: its schema, and how what fits it is read.

Output is hostile input until it fits.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jsonschema import Draft202012Validator

from roundtable_runner.turn.engine import TurnFailed
from roundtable_runner.turn.parts import FailureReason, FindingDraft, TurnResult
from roundtable_runner.turn.readers import read_finding


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What the answers of a kind of turn look like.

    Attributes:
        schema: What the structured part has to fit.
        parse: Makes a result of what fits, and of the prose.
        has_prose: Whether prose comes first; what is said elsewhere is nobody's.
    """

    schema: dict[str, Any]
    parse: Callable[[dict[str, Any], str], TurnResult]
    has_prose: bool
    _whole: Draft202012Validator = field(init=False, repr=False)
    _finding: Draft202012Validator | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Prepare the checks."""
        findings = self.schema["properties"].get("findings")
        finding = None if findings is None else Draft202012Validator(findings["items"])
        object.__setattr__(self, "_whole", Draft202012Validator(self.schema))
        object.__setattr__(self, "_finding", finding)

    def read(self, output: Any, *, text: str) -> TurnResult:
        """Return the answer. Raises TurnFailed with INVALID_OUTPUT."""
        violation = next(self._whole.iter_errors(output), None)
        if violation is not None:
            # Where, by the schema's own names and numbers, and never what stood there.
            path = "/".join(str(step) for step in violation.absolute_path) or "its root"
            raise TurnFailed.because(
                FailureReason.INVALID_OUTPUT,
                f"The model's answer does not fit its schema at {path}"
                f" ({violation.validator}).",
            )
        return self.parse(output, text)

    def read_finding(self, output: Any) -> FindingDraft | None:
        """Return one finding, or None when it does not fit or none is asked for."""
        if self._finding is None or not self._finding.is_valid(output):
            return None
        return read_finding(output)
