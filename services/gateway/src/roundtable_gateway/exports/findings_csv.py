"""A run's findings as CSV: a row each, in the report's order.

RFC 4180, in UTF-8 behind a byte order mark, without which Excel takes it for the
machine's old code page. A column is a field of the HTTP contract's Finding under the
contract's name; of a quote, ``quotes.text`` and so on. A list's entries stand one a
line of the cell, in the contract's order, and a line break within an entry is a space;
so line n of each quote column is quote n.

No cell holds a formula. A spreadsheet takes a cell for one by its first character, and
its user chooses which character parts the cells. So an apostrophe goes before whatever
could be a formula at the start of a cell and behind every character that may be a
delimiter (https://owasp.org/www-community/attacks/CSV_Injection).
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import fields

from roundtable_gateway.domain.finding import Finding, Quote
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.exports.report import Report
from roundtable_gateway.exports.reported_findings import ReportedFinding

_BYTE_ORDER_MARK = "\ufeff"
_FINDING_FIELDS = tuple(field.name for field in fields(Finding))
_QUOTE_FIELDS = tuple(field.name for field in fields(Quote))

# "=+-@" and what Unicode calls a form of them: small, full-width, the minus sign.
_TRIGGERS = (
    r"=+\-@"
    "\N{SMALL EQUALS SIGN}\N{SMALL PLUS SIGN}\N{SMALL HYPHEN-MINUS}"
    "\N{SMALL COMMERCIAL AT}\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}"
    "\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}\N{MINUS SIGN}"
)
# What a spreadsheet may drop or take for quoting before it looks: spaces, controls,
# quotation marks, characters without width.
_OVERLOOKED = r"\s\x00-\x1f\x7f\"'\u00ad\u200b-\u200f\u2060\ufeff"
_DELIMITERS = r",;|\t\r\n\x0b\x0c\x85\u2028\u2029"
_DELIMITER = re.compile(rf"[{_DELIMITERS}]")
# All that may part a cell from its first character, and that character if it counts.
# It matches with or without, so that no text makes it start over again and again.
_BEGINNING = re.compile(
    rf"(?:^|[{_OVERLOOKED}{_DELIMITERS}])[{_OVERLOOKED}{_DELIMITERS}]*([{_TRIGGERS}]?)"
)
_LINE_BREAKS = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


def _one_line(text: str) -> str:
    return _LINE_BREAKS.sub(" ", text)


def _cell(value: object) -> str:
    """Return a field's value as text, as JSON would write it where it is no text."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case tuple():
            return "\n".join(_one_line(_cell(entry)) for entry in value)
        case _:
            return str(value)


def without_formula(text: str) -> str:
    """Return text that no spreadsheet evaluates, whatever parts its cells."""
    guarded = _BEGINNING.sub(_guarded, text)
    return f"'{guarded}" if guarded.startswith(("\t", "\r", "\n")) else guarded


def _guarded(beginning: re.Match[str]) -> str:
    characters, trigger = beginning[0], beginning[1]
    if not trigger:
        return characters
    behind_delimiters = _DELIMITER.sub(r"\g<0>'", characters)
    return behind_delimiters if beginning.start() else f"'{behind_delimiters}"


_Column = tuple[str, Callable[[Report, ReportedFinding], object]]


def _of_quotes(name: str) -> Callable[[Report, ReportedFinding], object]:
    return lambda _, each: tuple(getattr(q, name) for q in each.finding.quotes)


def _of_finding(name: str) -> Callable[[Report, ReportedFinding], object]:
    return lambda _, each: getattr(each.finding, name)


def _lead(_: Report, each: ReportedFinding) -> str | None:
    return None if each.cluster_id is None else each.same_as or each.finding.id


def _columns() -> Iterator[_Column]:
    yield "run_id", lambda report, _: report.run.id
    yield "engine", lambda report, _: report.run.engine.value
    yield "persona.role", lambda _, each: each.role
    yield "cluster.id", lambda _, each: each.cluster_id
    yield "cluster.lead_finding_id", _lead
    yield "cluster.found_by", lambda _, each: each.found_by and each.found_by.value
    for name in _FINDING_FIELDS:
        if name == "quotes":
            for part in _QUOTE_FIELDS:
                yield f"quotes.{part}", _of_quotes(part)
        else:
            yield name, _of_finding(name)


def render(detail: RunDetail) -> str:
    """Return the findings as CSV, the byte order mark first."""
    report = Report.of(detail)
    columns = tuple(_columns())
    table = io.StringIO(newline="")
    table.write(_BYTE_ORDER_MARK)
    writer = csv.writer(table)
    writer.writerow(name for name, _ in columns)
    for finding in report.findings:
        writer.writerow(
            without_formula(_cell(value(report, finding))) for _, value in columns
        )
    return table.getvalue()
