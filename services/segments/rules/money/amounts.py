"""How a column writes its amounts: settled from all its rows, and asked where the decimal mark may be either."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from shared.errors import InputError
from shared.vocabulary.currency import decimals_of
from shared.vocabulary.currency_signs import agreed, currency_named
from shared.vocabulary.file_problem import FileProblem

STRAYS = 100  # one row in so many may be written the other way without putting the others in doubt
MOST = Decimal(10**12)  # what is not below it is no amount of a stay
LONGEST = 60  # characters
_ALIKE = str.maketrans(dict.fromkeys("’‘`´ʼ′", "'") | dict.fromkeys("−–—‒﹣", "-") | {"٫": ".", "٬": "'"})
_PLAIN = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,2})?")  # as nearly every system writes it
_NUMBER = re.compile(r"\d(?:[\d.,' ]*\d)?")
_POWER = re.compile(r"[-+]?\d+(?:[.,]\d+)?[eE][-+]?\d{1,2}")
_NO_CENTS = re.compile(r"([.,])\s?-{1,2}")  # «120,-»
_OUTSIDE = re.compile(r"[-+()\s]+")


class Mark(StrEnum):
    """What stands before the decimals."""

    POINT = "."
    COMMA = ","

    @property
    def other(self) -> Mark:
        return Mark.COMMA if self is Mark.POINT else Mark.POINT


@dataclass(frozen=True)
class Amount:
    """`currency`: as the cell states it, a code or a sign that several share; None where it states none."""

    value: Decimal
    currency: str | None = None


@dataclass(frozen=True)
class _Parts:
    """A cell taken apart. `number`: digits and the marks between them."""

    number: str
    negative: bool
    currency: str | None


def read_amount(text: str, mark: Mark) -> Amount:
    """The amount a cell writes with that decimal mark. Raises ValueError."""
    if mark is Mark.POINT and _PLAIN.fullmatch(text):
        return Amount(Decimal(text))
    parts = _parts(text)
    value = _value(parts.number, mark)
    if value >= MOST:
        raise ValueError("too much for a stay")
    return Amount(-value if parts.negative else value, parts.currency)


def readings(text: str) -> dict[Mark, Amount]:
    """The ways to read a cell. A currency without decimals leaves «JPY 1,234» only one."""
    if _PLAIN.fullmatch(text):
        amount = Amount(Decimal(text))
        return {Mark.POINT: amount} if "." in text else dict.fromkeys(Mark, amount)
    found = {}
    for mark in Mark:
        try:
            found[mark] = read_amount(text, mark)
        except ValueError:
            continue
    values = {amount.value for amount in found.values()}
    currency = next((amount.currency for amount in found.values()), None)
    if len(values) == 2 and currency is not None and decimals_of(currency) == 0:
        return {mark: amount for mark, amount in found.items() if amount.value == max(values, key=abs)}
    return found


def settle_mark(column: str, texts: Mapping[str, int], asked: Mark | None = None) -> Mark:
    """The one decimal mark with which the column's amounts make sense. `texts`: how many rows say what.

    Raises `InputError` where it could be either and the amounts would differ: that is asked, not guessed.
    """
    if asked is not None:
        return asked
    rows = dict.fromkeys(Mark, 0)
    unsure = ""
    for text, count in texts.items():
        found = readings(text)
        if len(found) == 1:
            rows[next(iter(found))] += count
        elif not unsure and len({amount.value for amount in found.values()}) == 2:
            unsure = text
    fewer, more = sorted(rows.values())
    if fewer * STRAYS >= more and (fewer or unsure):
        raise InputError(_question(column, unsure), code=FileProblem.DECIMAL_MARK)
    return max(Mark, key=lambda mark: rows[mark])


def open_example(texts: Mapping[str, int]) -> str:
    """A cell of the column that can be read two ways, else any that can be read; empty where there is none."""
    alike = ""
    for text in texts:
        found = readings(text)
        if len({amount.value for amount in found.values()}) == 2:
            return text
        alike = alike or (text if found else "")
    return alike


def _question(column: str, unsure: str) -> str:
    both = " or ".join(f"{amount.value:f}" for amount in readings(unsure).values())
    why = f"«{unsure}» may be {both}" if unsure else "the rows contradict one another"
    return (
        f"the amounts in «{column}» may have a decimal point or a decimal comma ({why}); "
        f"say which with --numbers {column}=. or --numbers {column}=,"
    )


def _parts(text: str) -> _Parts:
    """Raises ValueError where it is no number with at most one sign and one currency around it."""
    plain = unicodedata.normalize("NFKC", text[: LONGEST + 1]).translate(_ALIKE).strip()
    if len(plain) > LONGEST:
        raise ValueError("too long for an amount")
    if _POWER.fullmatch(plain):
        return _Parts(plain.lstrip("-+"), plain.startswith("-"), None)
    found = _NUMBER.search(plain)
    if found is None:
        raise ValueError("no number")
    before, number, after = plain[: found.start()], found[0], plain[found.end() :]
    if before.endswith(tuple(Mark)) and not _is_letter(before[-2:-1]):  # «.50», but not «Rs.50»
        before, number = before[:-1], f"0{before[-1]}{number}"
    if cents := _NO_CENTS.match(after):
        number, after = f"{number}{cents[1]}00", after[cents.end() :]
    return _Parts(number, _is_negative(before, after), agreed(_sign(before), _sign(after)))


def _is_letter(character: str) -> bool:
    """One with capitals, as abbreviations have: «元» is none."""
    return character.lower() != character.upper()


def _is_negative(before: str, after: str) -> bool:
    around = before + after
    brackets = (before.count("("), after.count(")"))
    if brackets not in ((0, 0), (1, 1)) or ")" in before or "(" in after:
        raise ValueError("a bracket is missing")
    signs = around.count("-") + around.count("+") + brackets[0]
    if signs > 1:
        raise ValueError("two signs")
    return "-" in around or brackets[0] == 1


def _sign(text: str) -> str | None:
    plain = _OUTSIDE.sub(" ", text).strip().strip(":").strip()
    if not plain:
        return None
    if (found := currency_named(plain)) is None:
        raise ValueError("no currency")
    return found


def _value(number: str, mark: Mark) -> Decimal:
    if "e" in number.lower():
        if mark.other in number:
            raise ValueError("another decimal mark")
        return Decimal(number.replace(mark, "."))
    whole, has_mark, decimals = number.partition(mark)
    if has_mark and not decimals.isdigit():
        raise ValueError("another decimal mark")
    return Decimal(f"{_ungrouped(whole, mark.other)}.{decimals}" if has_mark else _ungrouped(whole, mark.other))


def _ungrouped(whole: str, separator: str) -> str:
    """The digits of a whole number. Groups have three digits, in India two before the last three."""
    if whole.isdigit():
        return whole
    used = {character for character in whole if not character.isdigit()}
    if len(used) == 1 and used <= {separator, "'", " "}:
        head, *groups = whole.split(used.pop())
        sizes = [len(group) for group in groups]
        alike = sizes[-1] == 3 and (set(sizes) == {3} or (set(sizes[:-1]) == {2} and len(head) <= 2))
        if alike and len(head) <= 3 and head[0] != "0":
            return head + "".join(groups)
    raise ValueError("no groups of thousands")
