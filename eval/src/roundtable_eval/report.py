"""A set's figures as files: the same bytes for the same transcripts."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

from roundtable_eval.scorers.recall import SortRecall
from roundtable_eval.scoring import ArmScores, SetScores
from roundtable_eval.transcript import canonical_json

_ROWS: tuple[tuple[str, Callable[[ArmScores], object]], ...] = (
    ("Readings (runs)", lambda arm: f"{arm.samples} ({arm.runs})"),
    ("Incomplete runs", lambda arm: arm.incomplete_runs),
    ("Tokens", lambda arm: arm.tokens),
    ("Recall", lambda arm: arm.recall.rate),
    ("Flaws found", lambda arm: f"{arm.recall.found} of {arm.recall.flaws}"),
    ("… by unverified findings only", lambda arm: arm.recall.found_unverified),
    ("… by the control only", lambda arm: arm.recall.found_by_control_only),
    ("False alarms a clean reading", lambda a: a.false_alarms.clean_points_per_reading),
    ("Share of findings on no planted flaw", lambda a: a.false_alarms.unkeyed_share),
    ("Share of quotes verified", lambda arm: arm.quote_verification.verified_share),
    ("Score range over replicates", lambda arm: arm.score_spread.mean_range),
    ("Same decision each time", lambda arm: arm.score_spread.same_outcome_share),
    ("Changes of mind", lambda arm: f"{arm.flips.changes} of {arm.flips.stances}"),
    ("Flips without evidence", lambda arm: arm.flips.share),
    ("Findings in no cluster", lambda arm: arm.merge_losses.unclustered),
    ("Share of found flaws that no lead shows", lambda a: a.merge_losses.hidden_share),
)


def files_of(scores: SetScores) -> dict[str, str]:
    """Return the files of a set's figures by name."""
    return {
        "scores.json": canonical_json(asdict(scores)),
        "report.md": _markdown(scores),
    }


def write_files(folder: Path, scores: SetScores) -> None:
    """Write the files of a set's figures beside its transcripts."""
    for name, text in files_of(scores).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def stale_files(folder: Path, scores: SetScores) -> tuple[str, ...]:
    """Return the names of stored files that differ by a byte, or are not there."""
    return tuple(
        name
        for name, text in files_of(scores).items()
        if not (folder / name).is_file()
        or (folder / name).read_bytes() != text.encode()
    )


def _markdown(scores: SetScores) -> str:
    arms = scores.arms
    sections = (
        f"# Evaluation: {scores.name}",
        f"**{scores.label}**",
        f"Documents: {', '.join(scores.documents)}. Replicates: {scores.replicates}.",
        "What each figure means: `eval/README.md`.",
        _table(
            ("", *(arm.arm for arm in arms)),
            ((title, *(value(arm) for arm in arms)) for title, value in _ROWS),
        ),
        "## Uplift",
        _table(
            ("Arm", "over", "pairs", "recall difference", "token ratio"),
            (
                (u.arm, u.over, u.pairs, u.recall_difference, u.token_ratio)
                for u in scores.uplift
            ),
        ),
        "## Found, by sort of flaw",
        _table(("Sort", "flaws", *(arm.arm for arm in arms)), _sort_rows(arms)),
    )
    return "\n\n".join(sections) + "\n"


def _sort_rows(arms: Sequence[ArmScores]) -> Iterable[tuple[object, ...]]:
    by_arm = [{entry.sort: entry for entry in arm.recall.by_sort} for arm in arms]
    for sort in sorted({sort for entries in by_arm for sort in entries}):
        entries = [one.get(sort, SortRecall(sort, flaws=0, found=0)) for one in by_arm]
        flaws = max(entry.flaws for entry in entries)
        yield sort, flaws, *(entry.found for entry in entries)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def _cell(value: object) -> str:
    return "-" if value is None else str(value)
