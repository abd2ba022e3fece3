"""Every rule with texts that trip it and texts that must not."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from roundtable_rehearsal.rules import RULES
from roundtable_rehearsal.rules.rule import Hit

FindHits = Callable[..., list[Hit]]

_LONG = "We write the text for you " + "and for the others of the team " * 5 + "today."


@dataclass(frozen=True)
class Examples:
    """Texts for one rule; each is a list of paragraphs."""

    trip: list[list[str]]
    pass_: list[list[str]]
    document_type: str = "other"


EXAMPLES = {
    "absolute_security": Examples(
        trip=[
            ["Our platform is 100% secure for all of your data."],
            ["This is an unhackable vault."],
            ["The vault cannot be breached by anyone."],
            ["We guarantee the security of your records."],
            ["Unsere Plattform ist absolut sicher und für alle da."],
        ],
        pass_=[
            ["No system is 100% secure, and ours is not."],
            ["Is the platform completely secure?"],
            ["The platform is secured by a password that you set."],
            ["Nothing is unhackable, so we patch every week."],
            ["Kein System ist absolut sicher, und unseres ist es nicht."],
        ],
    ),
    "absolutes": Examples(
        trip=[
            ["The service runs with zero downtime for you."],
            ["It is a risk-free investment for your team."],
            ["You get guaranteed results from the first day."],
            ["Der Dienst ist immer verfügbar und für alle da."],
        ],
        pass_=[
            ["The service does not promise zero downtime."],
            ["We always answer the phone ourselves."],
            ["Is it really a risk-free investment?"],
            ["There are no guaranteed results in this field."],
        ],
    ),
    "superlatives": Examples(
        trip=[
            ["We are the best partner for your bank."],
            ["A world-class product that is made for you."],
            ["We are the market leader for this."],
            ["Wir sind Marktführer für Kassen und Waagen."],
        ],
        pass_=[
            ["The best way to reach us is by phone."],
            ["We are not the best for this."],
            ["According to the 2025 survey it is the best of its kind."],
            ["It is the fastest in our benchmark of May 2026."],
        ],
    ),
    "unsourced_figures": Examples(
        trip=[
            ["It cuts the cost of support by 40%."],
            ["Your team is 3x faster with this."],
            ["The tool saves 25 percent of your time."],
            ["Das senkt die Kosten um 30 % für alle."],
        ],
        pass_=[
            ["It cuts cost by 40%, measured on 200 tickets."],
            ["The discount for students is 40% of the fee."],
            ["Is it possible to save 25 percent with this?"],
            ["You get more rest. The tank is at 80%."],
        ],
    ),
    "unnamed_authorities": Examples(
        trip=[
            ["Studies show that this is what you need."],
            ["Experts agree that the time is right."],
            ["As everyone knows, this is the way to go."],
        ],
        pass_=[
            ["Studies show this (https://example.org/study)."],
            ["The study by Meier (2024) shows that this is so."],
            ["We asked experts and they agreed with us."],
        ],
    ),
    "contradictions": Examples(
        trip=[
            ["The uptime is 99.9%.", "The uptime of our service is 99.5%."],
            ["We offer a 30-day free trial.", "Your trial of 14 days starts at once."],
            ["The notice period is 30 days.", "The notice period shall be 90 days."],
            ["The price is $49 per month.", "A price of $59 per month is due."],
            ["Launch date: 3 March 2026", "We launch on 14 April 2026."],
            ["Trusted by 1,200 customers.", "Join over 4,000 customers."],
            ["Die Kündigungsfrist beträgt 30 Tage und das ist gut.",
             "Die Kündigungsfrist ist 60 Tage."],
            ["Either party may terminate with 30 days' written notice.",
             "To terminate, give 60 days' notice."],
        ],
        pass_=[
            ["The uptime is 99.9%.", "The uptime of the Basic plan is 99.5%."],
            ["The notice period is 1 month.", "The notice period is 30 days."],
            ["The price is $49 per month.", "The price is $490 per year."],
            ["We had 30 days of rain.", "The trial takes 14 days."],
            ["The log retention period is 30 days.",
             "The backup retention period is 90 days."],
            ["Trusted by over 1,200 customers.", "Trusted by 1,250 customers."],
            ["The budget grew from $5,000.", "The budget is $9,000."],
            ["The uptime was 99.5% last year.", "The uptime is 99.9%."],
        ],
    ),
    "impossible_dates": Examples(
        trip=[
            ["We start on Monday, 3 March 2026, in the office."],
            ["The deadline for this is 31 February 2026."],
            ["It runs from 1 May 2026 to 1 April 2026 for all of us."],
            ["Wir beginnen am Montag, den 3. März 2026, und das ist gut."],
        ],
        pass_=[
            ["We start on Tuesday, 3 March 2026, in the office."],
            ["The deadline for this is 28 February 2026."],
            ["It runs from 1 April 2026 to 1 May 2026 for all of us."],
            ["The version 1.20.3 of the tool has 31 files."],
        ],
    ),
    "leftovers": Examples(
        trip=[
            ["The price is TBD at this time."],
            ["Lorem ipsum dolor sit amet."],
            ["Dear [customer name], this is for you."],
            ["It is XX% faster than the others."],
            ["TODO: add the quote of the client."],
            ["We saved our clients $XXX in a year."],
        ],
        pass_=[
            ["The app is a TODO list for teams."],
            ["See [name of the page](https://example.org) for this."],
            ["We sell shirts in XL and XXL sizes."],
            ["Is that so? Yes, it is [sic]."],
        ],
    ),
    "doubled_words": Examples(
        trip=[
            ["This is the the end of it."],
            ["It is made of of steel for you."],
            ["We will go to\nto the office with you."],
        ],
        pass_=[
            ["He had had enough of that that day."],
            ["This is the end. The end is near."],
            ["It is a, a bit odd, thing for you."],
        ],
    ),
    "vague_quantities": Examples(
        trip=[
            ["Many customers have asked for this."],
            ["The feature will be ready soon for you."],
            ["This is a significant gain for the team."],
            ["Viele Kunden haben danach gefragt und das ist gut."],
        ],
        pass_=[
            ["How many customers have asked for this?"],
            ["Many of our 300 customers have asked for this."],
            ["You will get the parcel as soon as it is here."],
            ["It is correct to four significant figures for this."],
        ],
    ),
    "ceilings": Examples(
        trip=[
            ["You save up to 40% of the cost."],
            ["It is up to 10 times as fast for you."],
            ["Sie sparen bis zu 40 % der Kosten und das ist gut."],
        ],
        pass_=[
            ["The plan is for up to 5 seats."],
            ["It is up to you to decide on this."],
            ["You save 40% of the cost on average."],
        ],
    ),
    "undefined_acronyms": Examples(
        trip=[
            ["The RPO of the service is four hours."],
            ["We support FHIR for the data of your patients."],
            ["Ask your QBR host for the agenda."],
        ],
        pass_=[
            ["The Recovery Point Objective (RPO) is four hours. The RPO is low."],
            ["The RPO (recovery point objective) is four hours."],
            ["Use the API over HTTPS in the EU."],
            ["READ THIS FIRST BEFORE YOU GO"],
        ],
    ),
    "long_sentences": Examples(
        trip=[[_LONG], ["One. " + _LONG], [_LONG.replace("today", "quickly")]],
        pass_=[
            ["We write the text. " * 20],
            ["| a | " * 40 + "|"],
            ["- one of the items\n" * 40],
        ],
    ),
    "duties_without_actor": Examples(
        trip=[
            ["Access must be reviewed every quarter."],
            ["The data will be deleted after the end of the term."],
            ["Reports should be regularly sent to the client."],
            ["Der Zugang muss jedes Quartal geprüft werden."],
        ],
        pass_=[
            ["Access must be reviewed by the owner every quarter."],
            ["The supplier deletes the data after the end of the term."],
            ["The client will be required to pay for this."],
            ["Der Zugang muss durch die Leitung geprüft werden."],
        ],
        document_type="contract",
    ),
    "readability": Examples(
        trip=[
            ["Organizational interoperability necessitates comprehensive "
             "standardization of administrative documentation procedures. " * 15],
            ["The institutional implementation of multidimensional evaluation "
             "methodologies facilitates organizational transformation. " * 12],
            ["Notwithstanding considerable infrastructural heterogeneity, "
             "interdepartmental communication is satisfactory. " * 15],
        ],
        pass_=[
            ["The cat sat on the mat and the dog ran to the door. " * 12],
            ["Organizational interoperability is the word of the day."],
            ["We sell tea. You buy it here. It is good for you. " * 12],
        ],
    ),
    "jargon": Examples(
        trip=[
            ["We unlock synergies for your team."],
            ["This is a holistic view of the market."],
            ["It is a seamless turnkey thing for you."],
        ],
        pass_=[
            ["We sell tea to the offices in this town."],
            ["The lever is made of steel for you."],
            ["The seams of the bag are sewn by hand."],
        ],
    ),
    "long_words": Examples(
        trip=[
            ["We utilize the tool for this."],
            ["In order to start, press the key."],
            ["Prior to the start you must pay for it."],
        ],
        pass_=[
            ["We use the tool for this."],
            ["They are sorted in order of size."],
            ["The prior owner of the house is here."],
        ],
    ),
}  # fmt: skip

TRIPS = [
    pytest.param(name, text, id=f"{name}-{number}")
    for name, examples in EXAMPLES.items()
    for number, text in enumerate(examples.trip)
]
PASSES = [
    pytest.param(name, text, id=f"{name}-{number}")
    for name, examples in EXAMPLES.items()
    for number, text in enumerate(examples.pass_)
]


@pytest.mark.parametrize(("name", "text"), TRIPS)
def test_rule_trips(name: str, text: list[str], find_hits: FindHits) -> None:
    """A text with the fault is found, and each quote stands in its paragraph."""
    hits = find_hits(name, *text, document_type=EXAMPLES[name].document_type)

    assert hits
    for hit in hits:
        assert hit.quotes
        for quote in hit.quotes:
            paragraph = text[int(quote.paragraph_id[1:]) - 1]
            assert paragraph[quote.start : quote.end] == quote.text


@pytest.mark.parametrize(("name", "text"), PASSES)
def test_rule_lets_pass(name: str, text: list[str], find_hits: FindHits) -> None:
    """A text without the fault, however near to it, is left alone."""
    hits = find_hits(name, *text, document_type=EXAMPLES[name].document_type)

    assert [hit.advice.title for hit in hits] == []


def test_every_rule_has_examples() -> None:
    """No rule goes without texts that trip it and texts that must not."""
    named = {rule.name for rule in RULES if not rule.name.startswith("missing_")}

    assert named == EXAMPLES.keys()
    for examples in EXAMPLES.values():
        assert min(len(examples.trip), len(examples.pass_)) >= 3


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        ("It is an unhackable vault.", "It is a hardened vault."),
        ("It is 100% secure for you.", "It is secure for you."),
        ("Unhackable and made for you.", "Hardened and made for you."),
        ("The vault cannot be hacked by us.", None),
    ],
)
def test_absolute_is_dropped_by_rule_where_that_can_be_done(
    text: str, rewrite: str | None, find_hits: FindHits
) -> None:
    """A mechanical rewrite drops the absolute and mends the article."""
    [hit] = find_hits("absolute_security", text)

    assert hit.rewrite == rewrite
    assert hit.fix_kind == ("mechanical" if rewrite else "choice")


@pytest.mark.parametrize(
    ("name", "text", "mended"),
    [
        (
            "long_words",
            "Read this. In order to start, press the key. Then wait.",
            "Read this. To start, press the key. Then wait.",
        ),
        (
            "doubled_words",
            "Read this. It is for the the user. Then wait.",
            "Read this. It is for the user. Then wait.",
        ),
        (
            "absolute_security",
            "Read this. It is an unhackable vault. Then wait.",
            "Read this. It is a hardened vault. Then wait.",
        ),
    ],
)
def test_rewrite_mends_the_text_in_place_of_its_one_quote(
    name: str, text: str, mended: str, find_hits: FindHits
) -> None:
    """The author who accepts it gets the sentence whole, and nothing twice."""
    [hit] = find_hits(name, text)

    [quote] = hit.quotes
    assert f"{text[: quote.start]}{hit.rewrite}{text[quote.end :]}" == mended


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("long_words", "We do it in{gap}order to start."),
        ("doubled_words", "It is for the{gap}the user of it."),
        ("absolute_security", "It is 100%{gap}secure for you."),
    ],
)
def test_quote_that_is_cut_within_the_fault_has_no_rewrite(
    name: str, text: str, find_hits: FindHits
) -> None:
    """What the quote leaves out would stay in the text."""
    [hit] = find_hits(name, text.format(gap=" " * 400))

    assert hit.rewrite is None


def test_contradiction_quotes_both_places(find_hits: FindHits) -> None:
    """The finding shows the two statements, and contract terms weigh most."""
    [hit] = find_hits(
        "contradictions",
        "The notice period is 30 days.",
        "It is fine. The notice period shall be 90 days.",
    )

    assert [quote.text for quote in hit.quotes] == [
        "The notice period is 30 days.",
        "The notice period shall be 90 days.",
    ]
    assert hit.severity == "blocker"
