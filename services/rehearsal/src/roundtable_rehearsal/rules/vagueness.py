"""Quantities and times that cannot be checked."""

from collections.abc import Iterator

from roundtable_rehearsal.document import Document
from roundtable_rehearsal.rules.rule import Advice, Hit, Match, Phrases, Rule

# A figure in the same sentence says what these leave open.
_OPEN = (
    "significant",
    "significantly",
    "substantial",
    "substantially",
    "considerable",
    "considerably",
    "many",
    "several",
    "various",
    "numerous",
    "a lot of",
    "lots of",
    "a number of",
    "countless",
    "hundreds of",
    "thousands of",
    "millions of",
    "hunderte",
    "tausende",
    "soon",
    "shortly",
    "as soon as possible",
    "asap",
    "in the near future",
    "in a timely manner",
    "from time to time",
    "where appropriate",
    "as appropriate",
    "user-friendly",
    "erheblich",
    "erhebliche",
    "deutlich",
    "wesentlich weniger",
    "viele",
    "vielen",
    "mehrere",
    "zahlreiche",
    "diverse",
    "verschiedene",
    "bald",
    "demnächst",
    "zeitnah",
    "so schnell wie möglich",
    "schnellstmöglich",
    "in kürze",
    "gegebenenfalls",
    "in absehbarer zeit",
)
# These take their meaning from a figure, and take it away again.
_CEILINGS = ("up to", "bis zu")
_PHRASES = Phrases((*_OPEN, *_CEILINGS))

_BEFORE_EXEMPT = frozenset({"how", "as", "so", "too", "statistically", "wie", "zu"})
_AFTER_EXEMPT = frozenset({"other", "others", "digit", "digits", "figures"})

_OPEN_ADVICE = {
    "en": Advice(
        title="Vague quantity: “{phrase}”",
        impact="Two readers will read two different amounts into “{phrase}”, and "
        "neither can check it.",
        affected_reader="Whoever has to plan, approve or accept by this text",
        fix="Put the number, the date or the range in place of “{phrase}”.",
        would_change_mind_if="The figure stands elsewhere and this sentence points "
        "to it.",
    ),
    "de": Advice(
        title="Vage Menge: „{phrase}“",
        impact="Zwei Leser lesen aus „{phrase}“ zwei verschiedene Mengen, und keiner "
        "kann sie prüfen.",
        affected_reader="Wer nach diesem Text plant, freigibt oder abnimmt",
        fix="Zahl, Datum oder Spanne an die Stelle von „{phrase}“ setzen.",
        would_change_mind_if="Die Zahl steht an anderer Stelle und der Satz verweist "
        "darauf.",
    ),
}
_CEILING_ADVICE = {
    "en": Advice(
        title="Only the best case: “{phrase}”",
        impact="“{phrase}” is also true of nothing at all: it states a ceiling and "
        "no typical value.",
        affected_reader="Readers who calculate with the figure",
        fix="Give the typical value and the range, and say what they depend on.",
        would_change_mind_if="The text states a limit that is meant as a limit.",
    ),
    "de": Advice(
        title="Nur der beste Fall: „{phrase}“",
        impact="„{phrase}“ stimmt auch bei null: eine Obergrenze, kein üblicher Wert.",
        affected_reader="Leser, die mit der Zahl rechnen",
        fix="Den üblichen Wert und die Spanne nennen und wovon sie abhängen.",
        would_change_mind_if="Der Text meint wirklich eine Grenze.",
    ),
}


def _check_open(document: Document) -> Iterator[Hit]:
    advice = _OPEN_ADVICE[document.voice]
    for match in _PHRASES.in_document(document):
        sentence = match.paragraph.sentence_at(match.start)
        if match.phrase in _CEILINGS or sentence.has_quantity or _is_exempt(match):
            continue
        yield Hit(
            advice=advice.about(phrase=match.text),
            severity="minor",
            confidence=60,
            quotes=(match.paragraph.excerpt(match.start, match.end),),
        )


def _is_exempt(match: Match) -> bool:
    words = match.paragraph.words
    before = words[match.first - 1].text if match.first else ""
    after = words[match.last].text if match.last < len(words) else ""
    return before in _BEFORE_EXEMPT or after in _AFTER_EXEMPT


def _check_ceilings(document: Document) -> Iterator[Hit]:
    """Find “up to 40 %” and “up to 10x”: gains, not limits such as “up to 5 seats”."""
    advice = _CEILING_ADVICE[document.voice]
    for match in _PHRASES.in_document(document):
        words = match.paragraph.words[match.last : match.last + 2]
        if match.phrase not in _CEILINGS or not _is_gain([w.text for w in words]):
            continue
        end = words[-1].end
        yield Hit(
            advice=advice.about(phrase=match.paragraph.text[match.start : end]),
            severity="minor",
            confidence=70,
            quotes=(match.paragraph.excerpt(match.start, end),),
        )


def _is_gain(words: list[str]) -> bool:
    match words:
        case [number, unit] if number[0].isdigit():
            return unit in {"%", "percent", "prozent", "x", "times", "mal"}
    return False


RULES = (
    Rule(
        name="vague_quantities",
        label={"en": "vague quantities", "de": "vage Mengen"},
        criteria=(
            "metrics",
            "acceptance",
            "obligations",
            "scope",
            "evidence",
            "feasibility",
            "clarity",
            "operability",
            "consistency",
        ),
        languages=("en", "de"),
        check=_check_open,
    ),
    Rule(
        name="ceilings",
        label={"en": "best cases sold as typical", "de": "beste Fälle als Regel"},
        criteria=("evidence", "metrics", "feasibility", "cost", "clarity"),
        languages=("en", "de"),
        check=_check_ceilings,
        document_types=("marketing_copy", "proposal", "prd", "other"),
    ),
)
