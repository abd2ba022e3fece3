"""Which runs a set needs, and what becomes of them."""

import json
from pathlib import Path

import pytest
from eval_scripts import DOCUMENT, NEVER, finding, run, transcript

from roundtable_eval.arms import Arm, repeats_for, runs_to_come, samples_of
from roundtable_eval.corpus import Side
from roundtable_eval.errors import MalformedTranscriptError, SetError
from roundtable_eval.transcript import (
    RunKind,
    RunPlace,
    Transcript,
    load_set,
    store,
)

_WHOLE = transcript(run(tokens=1000))
_INDEPENDENT = transcript(run(tokens=700), RunKind.INDEPENDENT)
_READING = transcript(run(tokens=350, synthesis_tokens=50), RunKind.GENERALIST)


@pytest.mark.parametrize(
    ("whole", "reading", "repeats"),
    [(1000, 300, 3), (1100, 300, 4), (1050, 300, 4), (100, 300, 1), (100, 0, 1)],
    ids=["nearer below", "nearer above", "equally near", "never none", "no usage told"],
)
def test_repeats_come_nearest_to_the_whole(
    whole: int, reading: int, repeats: int
) -> None:
    """The generalist reads as often as the whole process's tokens allow."""
    assert repeats_for(whole, reading) == repeats


def test_each_way_is_run_before_the_repeats_are_counted() -> None:
    """Nothing is measured at first, so each way is run once."""
    places = runs_to_come("thing", Side.FLAWED, replicate=1, done=[])

    assert [(place.kind, place.part) for place in places] == [
        (RunKind.ROUNDTABLE, 1),
        (RunKind.INDEPENDENT, 1),
        (RunKind.GENERALIST, 1),
    ]


def test_repeats_follow_from_what_was_measured() -> None:
    """1,000 tokens are three readings of 300; the synthesis is no reading."""
    places = runs_to_come(
        "thing", Side.FLAWED, replicate=1, done=[_WHOLE, _INDEPENDENT, _READING]
    )

    assert [place.part for place in places] == [2, 3]
    assert {place.kind for place in places} == {RunKind.GENERALIST}


def test_what_is_stored_is_not_run_again() -> None:
    """With all repeats there, nothing is left; another replicate starts anew."""
    repeats = [
        transcript(run(tokens=300), RunKind.GENERALIST, part=part) for part in (2, 3)
    ]
    done = [_WHOLE, _INDEPENDENT, _READING, *repeats]

    assert runs_to_come("thing", Side.FLAWED, replicate=1, done=done) == ()
    assert len(runs_to_come("thing", Side.FLAWED, replicate=2, done=done)) == 3
    assert len(runs_to_come("thing", Side.CLEAN, replicate=1, done=done)) == 3


def test_generalist_is_the_first_of_its_repeats() -> None:
    """One set of runs serves both arms; each costs its readings alone."""
    second = transcript(
        run(finding("A1", NEVER), tokens=310), RunKind.GENERALIST, part=2
    )

    samples = samples_of([second, _READING, _WHOLE], {"thing": DOCUMENT})

    by_arm = {sample.arm: sample for sample in samples}
    assert by_arm.keys() == {Arm.GENERALIST, Arm.GENERALIST_N, Arm.ROUNDTABLE}
    assert by_arm[Arm.GENERALIST].tokens == 300
    assert by_arm[Arm.GENERALIST_N].tokens == 610
    assert len(by_arm[Arm.GENERALIST].findings) == 0
    assert len(by_arm[Arm.GENERALIST_N].findings) == 1
    assert by_arm[Arm.ROUNDTABLE].tokens == 1000


def test_missing_repeat_is_told() -> None:
    """A gap among the repeats would make the rival weaker than it was."""
    third = transcript(run(), RunKind.GENERALIST, part=3)

    with pytest.raises(SetError, match="a repeat is missing"):
        samples_of([_READING, third], {"thing": DOCUMENT})


def test_changed_document_is_told() -> None:
    """Places in another text would score by chance."""
    place = RunPlace("thing", Side.FLAWED, RunKind.ROUNDTABLE, 1)
    other = Transcript(place, "rehearsal", None, "0" * 64, run())

    with pytest.raises(MalformedTranscriptError, match="another by now"):
        samples_of([other], {"thing": DOCUMENT})


def test_transcripts_come_back_as_stored(tmp_path: Path) -> None:
    """A set is read in the order of its places, equal to what was written."""
    written = [_WHOLE, _READING, _INDEPENDENT]
    for one in written:
        store(tmp_path, one)

    assert set(map(_bytes, load_set(tmp_path))) == set(map(_bytes, written))
    assert [one.place for one in load_set(tmp_path)] == sorted(
        one.place for one in written
    )
    assert not list(tmp_path.glob("*/*.part"))


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"place": {"side": "other"}}'], ids=repr
)
def test_what_is_no_transcript_is_refused(tmp_path: Path, text: str) -> None:
    """A broken file stops the scoring instead of being left out."""
    (tmp_path / "thing").mkdir()
    (tmp_path / "thing" / "flawed-roundtable-1-1.json").write_text(text)

    with pytest.raises(MalformedTranscriptError):
        load_set(tmp_path)


def test_transcript_in_anothers_place_is_refused(tmp_path: Path) -> None:
    """A copied file is not taken for a second replicate."""
    store(tmp_path, _WHOLE)
    source = tmp_path / _WHOLE.place.path
    (tmp_path / "thing" / "flawed-roundtable-2-1.json").write_text(source.read_text())

    with pytest.raises(MalformedTranscriptError, match="flawed-roundtable-1-1"):
        load_set(tmp_path)


def test_run_that_lacks_something_is_refused() -> None:
    """A run of another contract is not scored as an empty one."""
    content = json.loads(json.dumps(run()))
    del content["findings"]

    with pytest.raises(MalformedTranscriptError, match="findings"):
        samples_of([transcript(content)], {"thing": DOCUMENT})


def _bytes(one: Transcript) -> str:
    return one.to_json()
