"""The check of a moderator's text: a sentence that cites nothing there is left out."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from roundtable_gateway.domain.synthesis import Synthesis, SynthesisSentence

Draft = tuple[str, tuple[str, ...]]


def check_synthesis(
    sentences: Sequence[Draft],
    minority: Sequence[Draft],
    *,
    finding_ids: Collection[str],
    not_examined: Iterable[str],
) -> Synthesis | None:
    """Keep the sentences that rest on findings; None if none of the first list does.

    Args:
        sentences: What matters first, each with the ids it cites.
        minority: What a minority holds against it, likewise.
        finding_ids: The findings that are there; other ids are taken out.
        not_examined: What nobody examined, by code's own account.
    """
    kept = tuple(_resting(sentences, finding_ids))
    kept_minority = tuple(_resting(minority, finding_ids))
    if not kept:
        return None
    given = len(sentences) + len(minority)
    return Synthesis(
        sentences=kept,
        minority=kept_minority,
        not_examined=tuple(not_examined),
        dropped_sentences=given - len(kept) - len(kept_minority),
    )


def _resting(
    drafts: Iterable[Draft], finding_ids: Collection[str]
) -> Iterator[SynthesisSentence]:
    for text, cited in drafts:
        known = tuple(dict.fromkeys(each for each in cited if each in finding_ids))
        if text.strip() and known:
            yield SynthesisSentence(text.strip(), known)
