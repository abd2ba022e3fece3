"""Runs written by hand, on a document so small that the right figure is obvious."""

from collections.abc import Mapping, Sequence
from typing import Any

from roundtable_eval.arms import Arm, Sample
from roundtable_eval.corpus import EvalDocument, Flaw, Side, Sort, digest_of
from roundtable_eval.run_record import parse_run
from roundtable_eval.transcript import RunKind, RunPlace, Transcript

FLAWED = "It never fails. It weighs 3 kg. It weighs 5 kg. It is blue.\n"
CLEAN = (
    "It failed once. It weighs 3 kg. It is not light. It is blue. The owner is Ada.\n"
)

NEVER, FIVE = "It never fails.", "It weighs 5 kg."
THREE, BLUE = "It weighs 3 kg.", "It is blue."

DOCUMENT = EvalDocument(
    slug="thing",
    title="A thing",
    document_type="other",
    flawed=FLAWED,
    clean=CLEAN,
    flaws=(
        Flaw("f1", Sort.UNPROVED_ABSOLUTE, "evidence", "major", "why", quote=NEVER),
        Flaw(
            "f2",
            Sort.CONTRADICTION,
            "consistency",
            "major",
            "why",
            quote=FIVE,
            counterpart=THREE,
        ),
        Flaw(
            "f3", Sort.MISSING_OWNER, "completeness", "minor", "why", absent=("owner",)
        ),
    ),
)


def finding(
    name: str,
    *words: str,
    seat: str | None = "A",
    kind: str = "error",
    verified: bool = True,
    searched_for: Sequence[str] = (),
    side: Side = Side.FLAWED,
) -> dict[str, Any]:
    """Return a finding that quotes the words; unknown words are not found."""
    return {
        "id": name,
        "panelist_id": seat,
        "kind": kind,
        "criterion": "completeness" if searched_for else "evidence",
        "verified": verified,
        "quotes": [_quote(quoted, DOCUMENT.text_of(side)) for quoted in words],
        "searched_for": list(searched_for),
    }


def omission(name: str, *terms: str, verified: bool = True) -> dict[str, Any]:
    """Return an omission that searched for the terms."""
    return finding(name, kind="omission", searched_for=terms, verified=verified)


def cluster(*names: str) -> dict[str, Any]:
    """Return a cluster; the first speaks for it."""
    return {"lead_finding_id": names[0], "finding_ids": list(names)}


def stance(*, is_change: bool, is_evidenced: bool) -> dict[str, Any]:
    """Return an answer in the discussion."""
    return {"is_change": is_change, "is_evidenced": is_evidenced}


def run(
    *findings: Mapping[str, Any],
    clusters: Sequence[Mapping[str, Any]] | None = None,
    stances: Sequence[Mapping[str, Any]] = (),
    tokens: int = 100,
    synthesis_tokens: int = 0,
    score: float | None = 3.0,
    outcome: str = "rework",
    state: str = "succeeded",
) -> dict[str, Any]:
    """Return a run; without clusters given each finding stands alone."""
    alone = [cluster(entry["id"]) for entry in findings]
    return {
        "state": state,
        "engine": "rehearsal",
        "reason": None,
        "findings": list(findings),
        "clusters": alone if clusters is None else list(clusters),
        "stances": list(stances),
        "usage": _usage(tokens),
        "turns": [
            {
                "kind": "synthesis",
                "usage": _usage(synthesis_tokens),
                "model": None,
            }
        ],
        "decision": {"score": score, "outcome": outcome},
    }


def sample(
    *runs: Mapping[str, Any],
    arm: Arm = Arm.ROUNDTABLE,
    side: Side = Side.FLAWED,
    replicate: int = 1,
) -> Sample:
    """Return a sample of the runs."""
    records = tuple(parse_run(entry) for entry in runs)
    return Sample(arm, DOCUMENT, side, replicate, records)


def transcript(
    content: Mapping[str, Any],
    kind: RunKind = RunKind.ROUNDTABLE,
    *,
    side: Side = Side.FLAWED,
    replicate: int = 1,
    part: int = 1,
    engine: str = "rehearsal",
) -> Transcript:
    """Return a transcript of a run."""
    return Transcript(
        place=RunPlace(DOCUMENT.slug, side, kind, replicate, part),
        engine=engine,
        model=None,
        text_sha256=digest_of(DOCUMENT.text_of(side)),
        run=content,
    )


def _quote(words: str, text: str) -> dict[str, Any]:
    start = text.find(words)
    if start < 0:
        return {"status": "not_found", "start": None, "end": None}
    return {"status": "exact", "start": start, "end": start + len(words)}


def _usage(tokens: int) -> dict[str, Any]:
    return {"input_tokens": tokens, "output_tokens": 0, "cache_read_tokens": 0}
