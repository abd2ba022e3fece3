"""What the evaluation kit cannot go on with.

EvaluationError
├── MalformedKeyError      an answer key and its documents do not fit together
├── MalformedTranscriptError  a stored transcript cannot be read, or fits no document
├── SetError               a set's transcripts do not belong together
└── RunEndedError          a live run ended without an answer
"""


class EvaluationError(Exception):
    """What stops the evaluation, in words for the person who runs it."""


class MalformedKeyError(EvaluationError):
    """An answer key and its documents do not fit together."""


class MalformedTranscriptError(EvaluationError):
    """A stored transcript cannot be read, or its document has changed since."""


class SetError(EvaluationError):
    """The transcripts of a set are none, or do not belong together."""


class RunEndedError(EvaluationError):
    """A live run ended without an answer."""
