"""Rates of exchange: of one pair from one day on, and as files write them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice

from services.segments.rules.money.amounts import read_amount, settle_mark
from services.segments.rules.written.dates import read_date, settle_order
from shared.errors import InputError
from shared.vocabulary.currency import known_codes
from shared.vocabulary.currency_signs import currency_named
from shared.vocabulary.term import N_

MOST_RATES = 200_000
MOST_NAMED = 20  # lines of a file that make no rate
LEAST, GREATEST = Decimal("0.000000001"), 10**9
LONGEST_SOURCE = 80
Line = tuple[int, Sequence[str]]
"""Its number in the file, from 1, and its cells."""
PAIR = {
    "base": ("from", "base", "currency", "从", "源货币"),
    "quote": ("to", "quote", "target", "到", "目标货币"),
    "day": ("day", "date", "日期"),
    "rate": ("rate", "汇率"),
}


@dataclass(frozen=True, order=True)
class Rate:
    """One `base` is `rate` `quote` from `day` on, until the next rate of the pair. `source`: who says so."""

    base: str
    quote: str
    day: date
    rate: Decimal
    source: str


def rate_of(base: str, quote: str, day: date | None, rate: Decimal | None, source: str) -> Rate:
    """Raises `InputError` naming the field that makes no rate."""
    problems = {}
    if base not in known_codes():
        problems["base"] = N_("Choose a currency.")
    if quote not in known_codes():
        problems["quote"] = N_("Choose a currency.")
    elif base == quote:
        problems["quote"] = N_("Choose another currency than the first.")
    if day is None:
        problems["day"] = N_("A day is needed: 2026-11-21.")
    if rate is None or not rate.is_finite() or not LEAST <= rate < GREATEST:
        problems["rate"] = N_("A number above nothing is needed, such as 1.0845.")
    if problems or day is None or rate is None:
        raise InputError(None, problems)
    return Rate(base, quote, day, rate, source)


def rates_in(text: str, source: str) -> list[Rate]:
    """The rates of a CSV file: a line a rate (from, to, date, rate), or as the European Central Bank publishes them, a
    line a day and a column a currency, for one euro.

    Raises `InputError` naming each line that makes no rate; then none is taken.
    """
    reader = csv.reader(io.StringIO(text), _dialect(text))
    try:
        lines = [(reader.line_num, line) for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as error:
        raise InputError(None, {"file": N_("This is no CSV file.")}) from error
    if len(lines) < 2:
        raise InputError(None, {"file": N_("There is no rate in this file.")})
    header = [cell.strip().lstrip("\ufeff") for cell in lines[0][1]]
    cells = list(_by_line(header, lines[1:]) or _by_day(header, lines[1:]))
    if not cells or len(cells) > MOST_RATES:
        raise InputError(None, {"file": N_("The columns from, to, date and rate are needed, or those of the ECB.")})
    order = settle_order("date", _counted([day for _, _, _, day, _ in cells]))
    mark = settle_mark("rate", _counted([rate for *_, rate in cells]))
    found, problems = {}, dict[str, str]()
    for line, base, quote, day, rate in cells:
        try:
            one = rate_of(
                currency_named(base) or base, currency_named(quote) or quote, read_date(day, order),
                read_amount(rate, mark).value, source,
            )  # fmt: skip
        except (ValueError, InputError) as error:
            problems.setdefault(str(line), _why(error))
            continue
        found[one.base, one.quote, one.day] = one
    if problems:
        raise InputError(None, dict(islice(problems.items(), MOST_NAMED)))
    return list(found.values())


def _why(error: ValueError | InputError) -> str:
    problems = error.problems if isinstance(error, InputError) else {}
    return next(iter(problems.values()), N_("The day or the number cannot be read."))


def _dialect(text: str) -> type[csv.Dialect]:
    class Separated(csv.excel):
        delimiter = max(",;\t", key=text.partition("\n")[0].count)

    return Separated


def _by_line(header: Sequence[str], lines: Sequence[Line]) -> Iterator[tuple[int, str, str, str, str]] | None:
    by_name = {name.lower(): place for place, name in enumerate(header)}
    places = [next((by_name[name] for name in names if name in by_name), None) for names in PAIR.values()]
    known = [place for place in places if place is not None]
    if len(known) < len(PAIR):
        return None
    base, quote, day, rate = known
    return (
        (number, _cell(line, base), _cell(line, quote), _cell(line, day), _cell(line, rate)) for number, line in lines
    )


def _cell(line: Sequence[str], place: int) -> str:
    """Nothing where the line ends before."""
    return line[place].strip() if place < len(line) else ""


def _by_day(header: Sequence[str], lines: Sequence[Line]) -> Iterator[tuple[int, str, str, str, str]]:
    named = {place: name for place, name in enumerate(header) if place and name}
    codes = {place: name for place, name in named.items() if name in known_codes()}
    if codes and codes != named:
        raise InputError(None, {"1": N_("A column is of no currency that is known.")})
    for number, line in lines:
        for place, code in codes.items():
            if place < len(line) and line[place].strip() not in ("", "N/A"):
                yield number, "EUR", code, line[0].strip(), line[place].strip()


def _counted(texts: Sequence[str]) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for text in texts:
        counts[text] = counts.get(text, 0) + 1
    return counts
