"""Reviews keep the output contract for any text, and say what they found."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from roundtable_rehearsal.document import SHORTEST_QUOTE
from roundtable_rehearsal.reading import read_turn
from roundtable_rehearsal.reply import Reply
from roundtable_rehearsal.review import write_review

Compose = Callable[..., str]

_CRITERIA = ["security", "evidence", "clarity", "consistency", "audience_fit"]
_TYPES = ["marketing_copy", "proposal", "prd", "design_doc", "contract", "other"]
# Pieces that rules look for, put together at random, find more than plain noise.
_PIECES = st.sampled_from(
    [
        "100% secure", "unhackable", "an unhackable", "TBD", "[insert name]", "XX%",
        "the the", "many", "soon", "up to 40%", "The uptime is 99.9%.", "uptime 98%",
        "Monday, 3 March 2026", "31 February 2026", "RPO", "must be reviewed",
        "the best",
        "cuts costs by 40%", "in order to", "synergies", "Studies show", ".", "?", "!",
        "\n", "\n- ", " ", "…", "\u2019", "\u00ad", "\ud800", "(", "]", "| x |", "der",
        "die und das ist", "the and of to is", "\u200b", "e\u0301", "٣%", "$", "€ 5",
        "price: $49", "a price of $59", "30 days' notice", "terminate",
    ]
)  # fmt: skip
_TEXTS = st.one_of(
    st.text(min_size=1, max_size=200),
    st.lists(_PIECES, min_size=1, max_size=40).map(" ".join),
)


def _review(message: str) -> Reply:
    turn = read_turn(message)
    assert turn is not None
    return write_review(turn)


@example(
    texts=["00000000:AA\n-"],
    document_type="marketing_copy",
    criteria=["security", "evidence", "clarity"],
)
@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    texts=st.lists(_TEXTS, min_size=1, max_size=4),
    document_type=st.sampled_from(_TYPES),
    criteria=st.permutations(_CRITERIA).map(lambda keys: keys[:3]),
)
def test_any_text_gets_a_review_by_the_contract(
    texts: list[str],
    document_type: str,
    criteria: list[str],
    turn_message: Compose,
    review_schema: dict[str, Any],
) -> None:
    """Every quote is exact and long enough, every field in its place."""
    paragraphs = [
        text.replace("\n\n", "\n").replace("\n\n", "\n").strip("\n") or "-"
        for text in texts
    ]
    paragraphs = [text if "\n\n" not in text else "-" for text in paragraphs]

    review = _review(
        turn_message(*paragraphs, document_type=document_type, criteria=criteria)
    )

    Draft202012Validator(review_schema).validate(review.result)
    assert len(review.prose.split()) <= 150
    for finding in review.result["findings"]:
        assert finding["criterion"] in criteria
        assert bool(finding["quotes"]) != bool(finding["searched_for"])
        for quote in finding["quotes"]:
            paragraph = paragraphs[int(quote["paragraph_id"][1:]) - 1]
            assert quote["text"] in paragraph
            shortest = min(SHORTEST_QUOTE, len(paragraph.strip()))
            assert len(quote["text"]) >= shortest
    assert [item["criterion"] for item in review.result["scores"]] == criteria


@pytest.mark.parametrize(
    "piece",
    [
        "a", "a ", ".", ". ", 'x."', "Ab. ", "TBD ", "1,", "1% ", "[insert ", "AB ",
        "(AB ", "XX.", "the ", "up to ", "The uptime is 99.9%. ", "many ", "$1 ",
        "Monday, 3 March 2026 to ", "must be not ", "2026-03-", "no never 100% secure ",
        " ", "\n- ",
    ],
)  # fmt: skip
def test_a_long_text_of_one_piece_is_reviewed_to_its_end(
    piece: str, turn_message: Compose
) -> None:
    """No pattern runs away on its own start repeated (bench/ shows the growth)."""
    text = f"The text of this is for us. x{piece * (160_000 // len(piece))}x"

    review = _review(turn_message(text, criteria=_CRITERIA, document_type="other"))

    assert [item["criterion"] for item in review.result["scores"]] == _CRITERIA
    assert all(
        quote["text"] in text
        for finding in review.result["findings"]
        for quote in finding["quotes"]
    )


def test_the_longest_document_is_reviewed(turn_message: Compose) -> None:
    """Two megabytes, all that is allowed, are read by all rules to the end."""
    sentence = (
        "The platform is the best and cuts costs by 40% in many cases. We review it "
        "within 30 days of notice. The RPO must be reviewed by 3 March 2026. "
    )
    message = turn_message(sentence * (2_000_000 // len(sentence)), criteria=_CRITERIA)

    review = _review(message)

    assert review.result["findings"]


def test_findings_are_few_and_gravest_first(turn_message: Compose) -> None:
    """At most three of one rule and eight in all, and the prose counts the rest."""
    review = _review(
        turn_message(
            "It is the best. " * 7 + "It is for you.",
            "TBD one here. TBD two here. TBD three here. TBD four here.",
            "It is an unhackable vault. Many of us like it. Several of us do.",
            criteria=_CRITERIA,
        )
    )

    severities = [finding["severity"] for finding in review.result["findings"]]
    assert severities == sorted(
        severities, key=["blocker", "major", "minor", "note"].index
    )
    assert severities[0] == "blocker"
    assert len(severities) == 8
    titles = [finding["title"] for finding in review.result["findings"]]
    assert sum("Left over" in title for title in titles) == 3
    assert "more like it" in review.prose


def test_blocker_takes_the_verdict_and_the_score(turn_message: Compose) -> None:
    """The stated formulas: 5 minus 3 for the blocker, and the verdict by it."""
    review = _review(
        turn_message("It is an unhackable vault.", criteria=["security", "clarity"])
    )

    scores = {item["criterion"]: item for item in review.result["scores"]}
    assert scores["security"]["score"] == 2
    assert scores["security"]["finding_numbers"] == [1]
    assert scores["clarity"]["score"] == 5
    assert review.result["overall"] == 4
    assert review.result["verdict"] == "request_changes"


def test_clean_text_is_approved_without_findings(turn_message: Compose) -> None:
    """An empty list is a correct answer."""
    review = _review(
        turn_message(
            "We sell tea in the town. You can buy it here.", criteria=["clarity"]
        )
    )

    assert review.result["findings"] == []
    assert review.result["verdict"] == "approve"
    assert review.result["overall"] == 5


def test_prose_says_first_that_it_is_a_rehearsal(turn_message: Compose) -> None:
    """Nobody can take the engine's prose for a model's."""
    english = _review(turn_message("We sell the tea of this town."))
    german = _review(turn_message("Wir verkaufen den Tee und das ist gut für alle."))

    assert english.prose.startswith("This is a rehearsal: rules read the text, no AI")
    assert german.prose.startswith("Dies ist eine Probe: Regeln haben den Text gelesen")


def test_prose_names_the_gravest_place_first(turn_message: Compose) -> None:
    """The blocker leads, and a place is named once however much is wrong with it."""
    review = _review(
        turn_message(
            "The price is TBD for you.",
            "It is an unhackable vault, the best of all of them.",
            criteria=["security", "evidence", "clarity"],
        )
    )

    assert review.prose.index("unhackable vault") < review.prose.index("The price")
    assert review.prose.count("unhackable vault") == 1


def test_seats_with_other_criteria_read_differently(turn_message: Compose) -> None:
    """What a seat owns decides what it finds and how it speaks."""
    texts = ["It is an unhackable vault. The RPO is low. Many of us like it."]

    security = _review(turn_message(*texts, criteria=["security"]))
    reader = _review(turn_message(*texts, criteria=["audience_fit", "clarity"]))

    assert security.prose != reader.prose
    assert {f["criterion"] for f in security.result["findings"]} == {"security"}
    assert "RPO" in reader.prose
    assert "RPO" not in security.prose


def test_unknown_language_is_named_and_not_guessed(turn_message: Compose) -> None:
    """Rules that cannot read the language are skipped and listed."""
    review = _review(
        turn_message(
            "Nous vendons le thé dans la ville pour vous et les autres. TBD ici.",
            criteria=["evidence", "clarity"],
        )
    )

    titles = [finding["title"] for finding in review.result["findings"]]
    assert titles == ["Left over from the draft: “TBD”"]
    assert any(
        item.startswith("superlatives without proof (no rule")
        for item in review.result["not_assessed"]
    )
    scores = {item["criterion"]: item["score"] for item in review.result["scores"]}
    assert scores["evidence"] is None


def test_seat_whose_criteria_no_rule_speaks_to_abstains(turn_message: Compose) -> None:
    """No rule, no score, no verdict."""
    review = _review(turn_message("We sell the tea.", criteria=["taste"]))

    assert review.result["overall"] is None
    assert review.result["verdict"] == "abstain"
    assert "taste: no rule" in review.result["not_assessed"][0]


def test_quote_of_a_very_long_sentence_is_a_window_around_the_hit(
    turn_message: Compose,
) -> None:
    """A quote stays short enough to be read and holds what was found."""
    words = "and this of the " * 60
    review = _review(
        turn_message(f"It is {words} unhackable {words} here.", criteria=["security"])
    )

    [quote] = review.result["findings"][0]["quotes"]
    assert "unhackable" in quote["text"]
    assert len(quote["text"]) <= 240
