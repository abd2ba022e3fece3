"""The quantities that a document has once, and what names them."""

from dataclasses import dataclass

from roundtable_rehearsal.rules.figures import FigureKind
from roundtable_rehearsal.rules.rule import Severity
from roundtable_rehearsal.wordlist import word_set


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity that a document has once, and the words that name it."""

    name: str
    kind: FigureKind
    severity: Severity
    labels: tuple[str, ...]
    # Words of which one must stand in the sentence, where the label alone could
    # mean something else.
    company: frozenset[str] = frozenset()


QUANTITIES = (
    Quantity("uptime", "percent", "major", ("uptime", "availability", "verfügbarkeit")),
    Quantity(
        "notice period",
        "duration",
        "blocker",
        ("notice period", "termination notice", "kündigungsfrist"),
    ),
    Quantity(
        "notice period",
        "duration",
        "blocker",
        ("notice", "written notice", "prior notice", "prior written notice"),
        company=word_set("terminate terminated termination cancel cancelled"),
    ),
    Quantity(
        "trial",
        "duration",
        "major",
        ("trial", "free trial", "trial period", "testphase", "testzeitraum"),
    ),
    Quantity(
        "warranty",
        "duration",
        "blocker",
        (
            "warranty",
            "warranty period",
            "money-back guarantee",
            "refund period",
            "gewährleistungsfrist",
            "garantiezeit",
        ),
    ),
    Quantity(
        "payment term",
        "duration",
        "blocker",
        (
            "payable",
            "payment term",
            "payment terms",
            "zahlbar",
            "zahlungsziel",
            "zahlungsfrist",
        ),
    ),
    Quantity(
        "retention period",
        "duration",
        "blocker",
        ("retention period", "aufbewahrungsfrist"),
    ),
    Quantity(
        "term",
        "duration",
        "blocker",
        (
            "initial term",
            "contract term",
            "term of this agreement",
            "vertragslaufzeit",
            "mindestlaufzeit",
        ),
    ),
    Quantity("response time", "duration", "major", ("response time", "reaktionszeit")),
    Quantity("recovery time", "duration", "major", ("rto", "recovery time objective")),
    Quantity(
        "recovery point", "duration", "major", ("rpo", "recovery point objective")
    ),
    Quantity(
        "total price",
        "money",
        "blocker",
        (
            "budget",
            "total budget",
            "total cost",
            "total price",
            "total fee",
            "contract value",
            "gesamtbudget",
            "gesamtpreis",
            "gesamtkosten",
        ),
    ),
    Quantity(
        "price",
        "money",
        "blocker",
        (
            "price",
            "list price",
            "annual price",
            "monthly price",
            "annual fee",
            "monthly fee",
            "setup fee",
            "preis",
            "jahrespreis",
            "monatspreis",
        ),
    ),
    Quantity(
        "liability cap",
        "money",
        "blocker",
        (
            "liability cap",
            "aggregate liability",
            "total liability",
            "liability",
            "haftungshöchstgrenze",
            "haftung",
        ),
    ),
    Quantity(
        "launch",
        "date",
        "major",
        (
            "launch",
            "launches",
            "launch date",
            "go-live",
            "go-live date",
            "goes live",
            "release date",
            "markteinführung",
            "livegang",
            "starttermin",
        ),
    ),
    Quantity(
        "deadline",
        "date",
        "major",
        ("deadline", "due date", "submission deadline", "abgabefrist", "abgabetermin"),
    ),
    Quantity("effective date", "date", "blocker", ("effective date", "inkrafttreten")),
    Quantity(
        "data centres",
        "count",
        "major",
        ("data centres", "data centers", "rechenzentren"),
    ),
    Quantity(
        "founding year",
        "count",
        "major",
        ("founded in", "established in", "gegründet"),
    ),
    Quantity(
        "customers",
        "count",
        "major",
        (
            "customers",
            "clients",
            "companies",
            "organisations",
            "organizations",
            "kunden",
            "unternehmen",
        ),
        company=word_set("trusted used serve serves serving over join vertrauen"),
    ),
    Quantity(
        "users",
        "count",
        "major",
        ("users", "nutzer", "anwender"),
        company=word_set("trusted used serve serves serving over join nutzen"),
    ),
)
