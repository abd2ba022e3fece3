"""Dates as documents write them, and what no calendar can hold."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from roundtable_rehearsal.document import Document, Sentence
from roundtable_rehearsal.rules.rule import Advice, Hit, Rule

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar",
            "february feb februar",
            "march mar märz",
            "april apr",
            "may mai",
            "june jun juni",
            "july jul juli",
            "august aug",
            "september sep sept",
            "october oct oktober okt",
            "november nov",
            "december dec dezember dez",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday montag",
            "tuesday dienstag",
            "wednesday mittwoch",
            "thursday donnerstag",
            "friday freitag",
            "saturday samstag",
            "sunday sonntag",
        )
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?P<weekday>{'|'.join(_WEEKDAYS)})(?:,|\s){{1,2}}(?:the\s|den\s)?(?=\S)|"
    r"\b(?P<iso>(?:19|20)\d{2}-\d{2}-\d{2})\b"
    rf"|\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s(?:of\s)?"
    rf"(?P<month>{_MONTH})\b[.,]{{0,2}}\s(?P<year>(?:19|20)\d{{2}})\b"
    rf"|\b(?P<month_first>{_MONTH})\b\.?\s(?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?"
    r",?\s(?P<year_last>(?:19|20)\d{2})\b"
    r"|\b(?P<german>\d{1,2}\.\d{1,2}\.(?:19|20)\d{2})\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_RANGE_WORDS = frozenset({"to", "until", "till", "through", "bis", "zum"})


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date in a sentence; `value` is None when no calendar has that day."""

    value: date | None
    weekday: int | None
    start: int
    end: int


def find_dates(sentence: Sentence) -> Iterator[WrittenDate]:
    """Find full dates (day, month, year) in a sentence."""
    text, begin = sentence.paragraph.text, sentence.start
    weekday, weekday_end = None, -1
    if _YEAR.search(text, sentence.start, sentence.end) is None:
        return
    for match in _DATE.finditer(text, sentence.start, sentence.end):
        if match["weekday"]:
            weekday, begin = _WEEKDAYS[match["weekday"].lower()], match.start()
            weekday_end = match.end()
            continue
        adjoins = weekday_end == match.start()
        yield WrittenDate(
            value=_parse(match),
            weekday=weekday if adjoins else None,
            start=begin if adjoins else match.start(),
            end=match.end(),
        )


def _parse(match: re.Match[str]) -> date | None:
    if match["iso"]:
        year, month, day = (int(part) for part in match["iso"].split("-"))
    elif match["german"]:
        day, month, year = (int(part) for part in match["german"].split("."))
    elif match["month"]:
        day, year = int(match["day"]), int(match["year"])
        month = _MONTHS[match["month"].lower()]
    else:
        day, year = int(match["day_after"]), int(match["year_last"])
        month = _MONTHS[match["month_first"].lower()]
    try:
        return date(year, month, day)
    except ValueError:
        return None


_IMPOSSIBLE_ADVICE = {
    "en": Advice(
        title="A day that does not exist: {phrase}",
        impact="No calendar has {phrase}, so nobody can keep it.",
        affected_reader="Whoever plans by this date",
        fix="Correct the date.",
        would_change_mind_if="It is not meant as a date.",
    ),
    "de": Advice(
        title="Diesen Tag gibt es nicht: {phrase}",
        impact="{phrase} steht in keinem Kalender und kann nicht eingehalten werden.",
        affected_reader="Wer nach diesem Datum plant",
        fix="Das Datum berichtigen.",
        would_change_mind_if="Es ist kein Datum gemeint.",
    ),
}
_WEEKDAY_ADVICE = {
    "en": Advice(
        title="Weekday and date disagree: {phrase}",
        impact="One half of “{phrase}” is wrong, and readers will keep either half.",
        affected_reader="Whoever plans by this date",
        fix="Correct the weekday or the date.",
        would_change_mind_if="Another calendar is meant.",
    ),
    "de": Advice(
        title="Wochentag und Datum passen nicht: {phrase}",
        impact="Eine Hälfte von „{phrase}“ ist falsch, und jeder hält sich an eine "
        "andere.",
        affected_reader="Wer nach diesem Datum plant",
        fix="Wochentag oder Datum berichtigen.",
        would_change_mind_if="Ein anderer Kalender ist gemeint.",
    ),
}
_REVERSED_ADVICE = {
    "en": Advice(
        title="A period that ends before it begins: {phrase}",
        impact="The end of “{phrase}” lies before its start; one of the two is wrong.",
        affected_reader="Whoever plans by this period",
        fix="Correct the start or the end.",
        would_change_mind_if="The two dates are not start and end of one period.",
    ),
    "de": Advice(
        title="Der Zeitraum endet vor seinem Anfang: {phrase}",
        impact="Das Ende von „{phrase}“ liegt vor dem Anfang; eins davon ist falsch.",
        affected_reader="Wer nach diesem Zeitraum plant",
        fix="Anfang oder Ende berichtigen.",
        would_change_mind_if="Es sind nicht Anfang und Ende eines Zeitraums.",
    ),
}


def _check(document: Document) -> Iterator[Hit]:
    for sentence in document.sentences:
        previous: WrittenDate | None = None
        for found in find_dates(sentence):
            yield from _single(document, sentence, found)
            if previous:
                yield from _period(document, sentence, previous, end=found)
            previous = found


def _single(
    document: Document, sentence: Sentence, found: WrittenDate
) -> Iterator[Hit]:
    if found.value is None:
        yield _hit(_IMPOSSIBLE_ADVICE[document.voice], sentence, found.start, found.end)
    elif found.weekday is not None and found.weekday != found.value.weekday():
        yield _hit(_WEEKDAY_ADVICE[document.voice], sentence, found.start, found.end)


def _period(
    document: Document, sentence: Sentence, first: WrittenDate, *, end: WrittenDate
) -> Iterator[Hit]:
    between = sentence.paragraph.text[first.end : end.start][:12].lower().split()
    is_range = 0 < len(between) <= 2 and _RANGE_WORDS.issuperset(between)  # noqa: PLR2004  # “bis zum” is the longest
    if is_range and first.value and end.value and end.value < first.value:
        yield _hit(_REVERSED_ADVICE[document.voice], sentence, first.start, end.end)


def _hit(advice: Advice, sentence: Sentence, start: int, end: int) -> Hit:
    paragraph = sentence.paragraph
    return Hit(
        advice=advice.about(phrase=paragraph.text[start:end]),
        severity="major",
        confidence=90,
        quotes=(paragraph.excerpt(start, end),),
    )


RULES = (
    Rule(
        name="impossible_dates",
        label={"en": "dates that cannot be", "de": "unmögliche Daten"},
        criteria=(
            "consistency",
            "feasibility",
            "obligations",
            "termination",
            "clarity",
            "risk",
            "completeness",
        ),
        languages=("en", "de"),
        check=_check,
    ),
)
