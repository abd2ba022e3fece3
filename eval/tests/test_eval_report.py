"""A set's figures: labelled, and the same bytes each time."""

import json
from pathlib import Path

import pytest
from eval_scripts import DOCUMENT, NEVER, finding, omission, run, transcript

from roundtable_eval.corpus import Side, load_documents
from roundtable_eval.errors import SetError
from roundtable_eval.report import files_of, stale_files, write_files
from roundtable_eval.scoring import score_set
from roundtable_eval.transcript import RunKind, Transcript, load_set

_ROOT = Path(__file__).parents[1]
_REHEARSED = "This says nothing about the quality of a model."
_SET = (
    transcript(
        run(finding("A1", NEVER), omission("A2", "owner"), tokens=600),
    ),
    transcript(run(tokens=600), side=Side.CLEAN),
    transcript(run(finding("A1", NEVER), tokens=300), RunKind.GENERALIST),
    transcript(run(tokens=300), RunKind.GENERALIST, part=2),
)


def test_figures_are_the_same_bytes_in_any_order() -> None:
    """The order in which transcripts are read leaves no trace."""
    documents = {"thing": DOCUMENT}

    forwards = files_of(score_set("s", _SET, documents=documents))
    backwards = files_of(score_set("s", _SET[::-1], documents=documents))

    assert forwards == backwards


def test_figures_reach_both_files() -> None:
    """Recall and uplift stand in the JSON and in the table."""
    files = files_of(score_set("s", _SET, documents={"thing": DOCUMENT}))

    scores = json.loads(files["scores.json"])
    recalls = {arm["arm"]: arm["recall"]["rate"] for arm in scores["arms"]}
    assert recalls["roundtable"] == 0.6667
    assert recalls["generalist_n"] == 0.3333
    assert recalls["independent"] is None
    assert scores["uplift"][0]["recall_difference"] == 0.3333
    assert scores["uplift"][0]["token_ratio"] == 1.0
    assert "| Recall | 0.3333 | 0.3333 | - | 0.6667 |" in files["report.md"]
    assert "| roundtable | generalist_n | 1 | 0.3333 | 1.0 |" in files["report.md"]


def test_rehearsal_is_labelled_in_both_files() -> None:
    """Figures of the rehearsal engine never pass for a model's."""
    files = files_of(score_set("s", _SET, documents={"thing": DOCUMENT}))

    assert all(_REHEARSED in text for text in files.values())


def test_model_is_named_in_the_label() -> None:
    """Another engine's figures name it, and claim no more than these documents."""
    answered = [transcript(run(), engine="claude")]

    scores = score_set("s", answered, documents={"thing": DOCUMENT})

    assert scores.label.startswith("Answered by claude")
    assert _REHEARSED not in scores.label


@pytest.mark.parametrize(
    ("transcripts", "reason"),
    [
        ((), "no transcripts"),
        (
            (transcript(run()), transcript(run(), side=Side.CLEAN, engine="claude")),
            "one engine",
        ),
    ],
    ids=["none", "two engines"],
)
def test_set_of_no_one_engine_is_refused(
    transcripts: tuple[Transcript, ...], reason: str
) -> None:
    """Figures of several engines say nothing about any of them."""
    with pytest.raises(SetError, match=reason):
        score_set("s", transcripts, documents={"thing": DOCUMENT})


def test_changed_figure_is_stale(tmp_path: Path) -> None:
    """A stored file that differs by one byte, or is gone, is named."""
    scores = score_set("s", _SET, documents={"thing": DOCUMENT})
    write_files(tmp_path, scores)
    assert stale_files(tmp_path, scores) == ()

    (tmp_path / "report.md").write_text("x")
    (tmp_path / "scores.json").unlink()

    assert stale_files(tmp_path, scores) == ("scores.json", "report.md")


@pytest.mark.parametrize(
    "folder", sorted((_ROOT / "transcripts").iterdir()), ids=lambda path: path.name
)
def test_stored_sets_score_byte_for_byte(folder: Path) -> None:
    """What is stored of each set is what its transcripts give today."""
    documents = load_documents(_ROOT)

    scores = score_set(folder.name, load_set(folder), documents=documents)

    assert stale_files(folder, scores) == ()
