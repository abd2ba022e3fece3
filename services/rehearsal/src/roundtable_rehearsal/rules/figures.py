"""Figures as documents write them, brought to a comparable value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

from roundtable_rehearsal.document import Sentence
from roundtable_rehearsal.language import Voice
from roundtable_rehearsal.rules.calendar import find_dates

FigureKind = Literal["percent", "money", "duration", "count", "date"]

_NUMBER = r"\d{1,12}(?:[.,]\d{1,12}){0,4}"
_FIGURE = re.compile(
    rf"(?:(?P<currency>[$€£]|\b(?:USD|EUR|GBP|CHF)\s)\s?(?P<amount>{_NUMBER})"
    rf"|(?<![\w.,])(?P<number>{_NUMBER}))"
    r"(?:"
    r"(?P<percent>\s?%|\s(?:percent|prozent)\b)"
    r"|\)?[\s-](?P<pace>business|calendar|working)?\s?"
    r"(?P<time>minute|hour|day|week|month|year|minuten|stunde|tag|woche|monat|jahr)"
    r"[a-zäöü]{0,2}\b"
    r"|(?P<scale>k\b|m\b|bn\b|\s(?:thousand|million|billion|tsd|mio|mrd)\b\.?)?"
    r"(?P<currency_after>\s?(?:€|£|\$|eur\b|euro\b|euros\b|usd\b|gbp\b|chf\b|dollars\b))?"
    r")",
    re.IGNORECASE,
)
_HOURS = {
    "minute": Decimal(1) / 60,
    "minuten": Decimal(1) / 60,
    "hour": Decimal(1),
    "stunde": Decimal(1),
    "day": Decimal(24),
    "tag": Decimal(24),
    "week": Decimal(168),
    "woche": Decimal(168),
    "month": Decimal(720),
    "monat": Decimal(720),
    "year": Decimal(8760),
    "jahr": Decimal(8760),
}
_SCALES = {
    "": 1,
    "k": 10**3,
    "thousand": 10**3,
    "tsd": 10**3,
    "m": 10**6,
    "million": 10**6,
    "mio": 10**6,
    "bn": 10**9,
    "billion": 10**9,
    "mrd": 10**9,
}
_CURRENCIES = {
    "$": "USD",
    "dollars": "USD",
    "€": "EUR",
    "euro": "EUR",
    "euros": "EUR",
    "£": "GBP",
}
_THOUSANDS = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure in a sentence; figures compare only within the same kind and unit."""

    kind: FigureKind
    unit: str
    value: Decimal
    start: int
    end: int


def find_figures(sentence: Sentence, voice: Voice) -> Iterator[Figure]:
    """Find dates, sums, percentages, durations and counts, none of them twice."""
    dates = [
        Figure("date", "", Decimal(found.value.toordinal()), found.start, found.end)
        for found in find_dates(sentence)
        if found.value
    ]
    yield from dates
    taken = iter(dates)
    date = next(taken, None)
    text = sentence.paragraph.text
    for match in _FIGURE.finditer(text, sentence.start, sentence.end):
        while date and date.end <= match.start():
            date = next(taken, None)
        if date and match.end() > date.start:
            continue
        if figure := _figure(match, voice):
            yield figure


def _figure(match: re.Match[str], voice: Voice) -> Figure | None:
    value = _value(match["amount"] or match["number"], voice)
    if value is None:
        return None
    place = match.start(), match.end()
    if match["percent"]:
        return Figure("percent", "", value, *place)
    if match["time"]:
        hours = value * _HOURS[match["time"].lower()]
        return Figure("duration", (match["pace"] or "").lower(), hours, *place)
    value *= _SCALES[(match["scale"] or "").strip(" .").lower()]
    if currency := (match["currency"] or match["currency_after"] or "").strip().lower():
        unit = _CURRENCIES.get(currency, currency.upper())
        return Figure("money", unit, value, *place)
    return Figure("count", "", value, *place)


def _value(written: str, voice: Voice) -> Decimal | None:
    """Read a number by its language's habit; one that fits no habit is no number."""
    decimal_mark = "," if voice == "de" else "."
    whole, _, fraction = written.rpartition(decimal_mark)
    if not whole or "." in fraction or "," in fraction:
        whole, fraction = written, "0"
    if _THOUSANDS.fullmatch(whole):
        whole = whole.replace(",", "").replace(".", "")
    try:
        return Decimal(f"{whole}.{fraction}")
    except InvalidOperation:
        return None
