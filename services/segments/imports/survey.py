"""What only all rows of a file together show: how dates and amounts are written, its country codes, absurd rates."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from iso3166 import countries_by_alpha2, countries_by_alpha3

from services.segments.imports.amounts import AmountColumns, amount_columns, greatest_rates
from services.segments.imports.files.columns import AMOUNTS, Holds, ImportMapping, dates_among
from services.segments.imports.files.headings import normalised
from services.segments.imports.files.table import Table
from services.segments.imports.meanings.registry import meaning_of
from services.segments.rules.written.dates import Order, settle_order

MOST_KINDS = 100_000
"""Different texts of a column that are looked at; a file with more has its say by the first of them."""
MOST_CURRENCIES = 200
LONGEST = 300  # characters of a cell that means anything


@dataclass(frozen=True)
class Survey:
    """How the rows are to be read. `country_letters`: whether countries are written with two or three. `properties`:
    the codes they name. `holds`: whether they are stays or people."""

    places: Mapping[str, int]
    orders: Mapping[str, Order]
    country_letters: int
    amounts: AmountColumns
    greatest_rate: Mapping[str, Decimal]
    rows: int
    properties: frozenset[str]
    holds: Holds = Holds.STAYS


def survey(table: Table, mapping: ImportMapping) -> Survey:
    """Read the file once. Raises `InputError` where a column's dates or amounts can be read two ways."""
    places = mapping.places(table.header)
    wanted = [name for name in ("property", *dates_among(places), *AMOUNTS, "country", "currency") if name in places]
    counts: dict[str, Counter[str]] = {name: Counter() for name in wanted}
    rates: dict[str, Counter[str]] = defaultdict(Counter)
    rows = 0
    for record in table.records():
        rows += 1
        if record.problem:
            continue
        for name in wanted:
            _count(counts[name], record.cells[places[name]])
        if "rate" in places:
            currency = record.cells[places["currency"]] if "currency" in places else ""
            if currency.strip() in rates or len(rates) < MOST_CURRENCIES:
                _count(rates[currency.strip()], record.cells[places["rate"]])
    asked = {normalised(header): order for header, order in mapping.dates.items()}
    orders = {}
    for name in dates_among(places):
        header = table.header[places[name]]
        orders[name] = settle_order(header, counts[name], asked.get(normalised(header)))
    amounts = amount_columns(table.header, places, counts, mapping)
    greatest = greatest_rates(amounts, rates)
    letters = _letters(counts.get("country", Counter()))
    hotels = _hotels(counts.get("property", Counter()), mapping)
    return Survey(places, orders, letters, amounts, greatest, rows, hotels, mapping.holds_of(table.header))


def _hotels(texts: Counter[str], mapping: ImportMapping) -> frozenset[str]:
    """The codes that the rows name, or that stand for all of them."""
    if code := mapping.constants.get("property"):
        return frozenset({code})
    return frozenset(meaning_of(mapping.meanings, "property", text) or text for text in texts)


def _count(seen: Counter[str], cell: str) -> None:
    text = cell.strip()[:LONGEST]
    if text in seen or len(seen) < MOST_KINDS:
        seen[text] += 1


def _letters(codes: Counter[str]) -> int:
    two = sum(rows for code, rows in codes.items() if code.upper() in countries_by_alpha2)
    three = sum(rows for code, rows in codes.items() if code.upper() in countries_by_alpha3)
    return 2 if two > three else 3
