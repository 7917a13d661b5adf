"""The amounts of a file: how its columns write them, which currency each row's are in, and which are absurd."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.segments.imports.files.columns import AMOUNTS, ImportMapping
from services.segments.imports.files.headings import normalised
from services.segments.rules.money.amounts import Amount, Mark, read_amount, settle_mark
from shared.vocabulary.currency import rounded
from shared.vocabulary.currency_signs import agreed, could_be, currency_stated, heading_names

ABSURD = 40  # times the median of its currency


@dataclass(frozen=True)
class AmountColumns:
    """`marks`, `headings`: by field, the decimal mark and the currency that the column's heading names. `constant`:
    the mapping's currency."""

    marks: Mapping[str, Mark]
    headings: Mapping[str, str]
    constant: str | None

    def read(self, field: str, text: str) -> Amount:
        """Raises ValueError."""
        amount = read_amount(text, self.marks.get(field, Mark.POINT))
        return Amount(amount.value, agreed(amount.currency, self.headings.get(field)))

    def currency_of(self, amount: Amount, stated: str | None) -> str | None:
        """What an amount is in: as its cell or heading says, else the column of currencies (`stated`), else the
        mapping; a sign that several share where none of these tells them apart; None: the hotel's.

        Raises ValueError where they contradict one another.
        """
        found = agreed(amount.currency, stated)
        if self.constant is None or (found is not None and self.constant not in could_be(found)):
            return found
        return agreed(found, self.constant)


def amount_columns(
    header: Sequence[str], places: Mapping[str, int], texts: Mapping[str, Mapping[str, int]], mapping: ImportMapping
) -> AmountColumns:
    """Raises `InputError` where a column's amounts can be read two ways. `texts`: by field, how many rows say what."""
    asked = {normalised(name): mark for name, mark in mapping.numbers.items()}
    headers = {field: header[places[field]] for field in AMOUNTS if field in places}
    marks = {field: settle_mark(name, texts[field], asked.get(normalised(name))) for field, name in headers.items()}
    headings = {field: found for field, name in headers.items() if (found := heading_names(name))}
    return AmountColumns(marks, headings, currency_stated(mapping.currency) if mapping.currency else None)


def greatest_rates(columns: AmountColumns, rates: Mapping[str, Mapping[str, int]]) -> dict[str, Decimal]:
    """By currency, above what a rate is a typing error. `rates`: by the text of the currency column, how many rows say
    what."""
    known: dict[str, Counter[Decimal]] = {}
    for stated, texts in rates.items():
        for text, rows in texts.items():
            try:
                amount = columns.read("rate", text)
                currency = columns.currency_of(amount, currency_stated(stated) if stated else None)
            except ValueError:
                continue
            if amount.value > 0:
                known.setdefault(currency or "", Counter())[amount.value] += rows
    return {currency: _median(seen.items()) * ABSURD for currency, seen in known.items()}


def _median(seen: Iterable[tuple[Decimal, int]]) -> Decimal:
    """Of values that occur so many times; there is at least one."""
    ordered = sorted(seen)
    middle = sum(rows for _, rows in ordered) / 2
    passed = 0
    for value, rows in ordered:
        passed += rows
        if passed >= middle:
            return value
    raise AssertionError("the last value passes the middle")


def settle_money(values: dict[str, Any], columns: AmountColumns, greatest: Mapping[str, Decimal]) -> None:
    """Turns a row's amounts into plain ones in one currency, rounded to its minor units.

    An amount whose statements contradict one another is unknown, and so is a rate below nothing. An absurd rate makes
    the revenue unknown too.
    """
    stated = values.get("currency")
    found: dict[str, str | None] = {}
    for field in AMOUNTS:
        amount: Amount | None = values.get(field)
        if amount is None:
            continue
        try:
            found[field] = columns.currency_of(amount, stated)
            values[field] = amount.value
        except ValueError:
            values[field] = None
    if not found:
        return
    currency = found.get("revenue", found.get("rate"))
    if "rate" in found and (found["rate"] != currency or values["rate"] < 0):
        values["rate"] = None
    values["currency"] = currency
    limit, rate = greatest.get(currency or ""), values.get("rate")
    if rate is not None and limit is not None and rate > limit:
        values["rate"] = values["revenue"] = None
    for field in AMOUNTS:
        if currency and values.get(field) is not None:
            values[field] = rounded(values[field], currency)
