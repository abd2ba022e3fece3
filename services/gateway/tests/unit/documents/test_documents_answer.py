"""What passes between child and gateway."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from roundtable_gateway.documents.answer import (
    Answer,
    ExtractedDocument,
    decode,
    encode,
)
from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.errors import Reason
from roundtable_gateway.domain.document import DocumentText, DocumentWarning, Paragraph

_DOCUMENT = ExtractedDocument(
    media_type=MediaType.PDF,
    text=DocumentText(
        'Title\n\n"Bö\u2028dy" 🙂\n\nend',
        (
            Paragraph("P1", 0, 5, 1, None),
            Paragraph("P2", 7, 15, 1, "Title"),
            Paragraph("P3", 17, 20, 2, "Title"),
        ),
    ),
    page_count=2,
    word_count=3,
    warnings=(DocumentWarning("HIDDEN_CHARACTERS", "1 in P2."),),
)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(is_confined=True, outcome=_DOCUMENT),
        Answer(is_confined=False, outcome=Reason.ENCRYPTED, diagnosis="x.py:3"),
    ],
)
def test_answer_comes_back_as_it_was(answer: Answer) -> None:
    """Encoding and decoding lose nothing."""
    assert decode(encode(answer)) == answer


def _forged(*, text: object = "abcdef", paragraph: object = None) -> bytes:
    header: dict[str, object] = {
        "media_type": "text/plain",
        "page_count": None,
        "word_count": 1,
        "warnings": [],
        "headings": [],
    }
    lines = [{"is_confined": True}, header, text, paragraph or [0, 1, None, None]]
    return b"\n".join(json.dumps(line).encode() for line in lines)


def test_forgery_is_well_formed_but_for_what_each_test_changes() -> None:
    """The untouched forgery passes, so the refusals below are about the change."""
    assert isinstance(decode(_forged()).outcome, ExtractedDocument)


@pytest.mark.parametrize(
    "forged",
    [
        _forged(text="\ud800"),
        _forged(text=["abc"]),
        _forged(paragraph=[3, 2, None, None]),
        _forged(paragraph=[0, 7, None, None]),
        _forged(paragraph=[-1, 2, None, None]),
        _forged(paragraph=[True, 2, None, None]),
        _forged(paragraph=[0, 2, None, 4]),
        _forged(paragraph=[0, 2, "1", None]),
        _forged(paragraph=[0, 2]),
        _forged(paragraph={"a": 1}),
        b'{"is_confined":true}\n{"refused":"NO_SUCH_REASON","diagnosis":""}',
        b'{"is_confined":1}\n{"refused":"ENCRYPTED","diagnosis":""}',
        b'{"is_confined":true}\n' + b"[" * 100_000,
        b"",
    ],
)
def test_forged_answer_is_refused(forged: bytes) -> None:
    """A child that was taken over can't hand in what no document could give."""
    with pytest.raises(ValueError):  # noqa: PT011 - what json raises is one too
        decode(forged)


@given(st.binary(), st.integers(0, 500))
@example(b"", 0)
def test_damaged_answer_never_raises_anything_else(noise: bytes, at: int) -> None:
    """Noise anywhere in an answer is a ValueError or still a well-formed answer."""
    good = encode(Answer(is_confined=True, outcome=_DOCUMENT))

    try:
        answer = decode(good[:at] + noise + good[at + len(noise) :])
    except ValueError:
        return
    assert isinstance(answer, Answer)
