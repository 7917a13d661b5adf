"""Whether the guests can be those who made the reservations: nobody joined without a key, nobody split who has one.

A reservation may join a guest who has an earlier one with the same personal address or number and a compatible name,
or with the same full name and birth date, unless their birth dates are two persons'. Names are compatible where they
are equal but for case, accents, order and punctuation, where one is the other with parts left out, or where a given
name is only an initial.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from tests.oracle.contacts import MOST_GUESTS, email_kind, email_of, phone_of
from tests.oracle.export import Row
from tests.oracle.mismatch import Mismatch

TITLES = {"mr", "mrs", "ms", "miss", "dr", "prof"}
REAL_BIRTHS_FROM = date(1905, 1, 1)
Parts = tuple[frozenset[str], frozenset[str]]  # of the given name, of the family name


@cache
def parts_of(text: str) -> frozenset[str]:
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    words = re.sub(r"['’`´]", "", plain.casefold()).replace("ł", "l").replace("ø", "o").replace("ß", "ss")
    return frozenset(word for word in re.split(r"[^\w]+", words) if word and word not in TITLES)


def name_of(row: Row) -> Parts:
    return parts_of(row.given), parts_of(row.family)


def compatible(one: Parts, other: Parts) -> bool:
    return _alike(one, other) or _alike((one[1], one[0]), other)


def _alike(one: Parts, other: Parts) -> bool:
    by_part = _given_alike(one[0], other[0]) and _subset(one[1], other[1])
    return by_part or _subset(one[0] | one[1], other[0] | other[1])


def _given_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    initials = {word for word in one | other if len(word) == 1}
    if initials:
        return {word[0] for word in one} <= {w[0] for w in other} or {w[0] for w in other} <= {w[0] for w in one}
    return _subset(one, other)


def _subset(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and (one <= other or other <= one)


def check_identity(rows: Iterable[Row], people: list[dict[str, Any]]) -> Iterator[Mismatch]:
    by_number = {row.number: row for row in rows}
    guest_of: dict[str, str] = {}
    for person in people:
        for number in person["reservations"]:
            if number not in by_number:
                yield Mismatch("identity", "no such reservation", f"{number} of {person['guest']}")
            elif number in guest_of:
                yield Mismatch("identity", "one reservation, two guests", f"{number}: {person['guest']}")
            guest_of[number] = person["guest"]
    until = max((by_number[number].booked_on for number in guest_of if number in by_number), default=date.min)
    for row in by_number.values():
        if row.booked_on <= until and row.number not in guest_of:
            yield Mismatch("identity", "nobody's reservation", row.number)
    known = sorted((by_number[number] for number in guest_of if number in by_number), key=lambda row: row.order())
    for what, text in _joined_or_split(known, guest_of):
        yield Mismatch("identity", what, text)


def _joined_or_split(rows: list[Row], guest_of: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Walk through the reservations in booking order, as they came in."""
    earlier: dict[str, list[Row]] = defaultdict(list)
    on_point: dict[str, dict[str, None]] = defaultdict(dict)  # guests on a contact point, in the order they came
    joined_by: dict[str, set[str]] = defaultdict(set)
    named: dict[tuple[str, Parts], list[str]] = defaultdict(list)
    for row in rows:
        guest = guest_of[row.number]
        points = [point for point in _keys(row) if len(on_point[point]) <= MOST_GUESTS]
        if earlier[guest] and not _linked(row, earlier[guest], points):
            yield "joined without a key", f"{row.number} ({row.given} {row.family}) to {earlier[guest][0].number}"
        if any(_two_births(row, other) for other in earlier[guest]):
            yield "joined in spite of the birth date", f"{row.number} to {earlier[guest][0].number}"
        for point in points:
            same = named[point, name_of(row)]
            stronger = "@" not in point and email_of(row) in joined_by[guest]
            apart = any(_two_births(row, other) for whose in same for other in earlier[whose])
            if same and guest not in same and not stronger and not apart:
                yield "split in spite of a key", f"{row.number} ({row.given} {row.family}) from {same[0]}"
            same.append(guest)
        earlier[guest].append(row)
        for point in _keys(row):
            on_point[point][guest] = None
            joined_by[guest].add(point)


def _two_births(row: Row, other: Row) -> bool:
    """Two birth dates that differ by more than a digit, or day and month."""
    one, two = row.birth_date, other.birth_date
    if one is None or two is None or min(one, two) < REAL_BIRTHS_FROM:
        return False
    swapped = (one.year, one.month, one.day) == (two.year, two.day, two.month)
    return not swapped and sum(a != b for a, b in zip(str(one), str(two), strict=True)) > 1


def _keys(row: Row) -> list[str]:
    email, phone = email_of(row), phone_of(row)
    return [*([email] if email_kind(email) == "personal" else []), *([phone] if phone else [])]


def _linked(row: Row, earlier: list[Row], points: list[str]) -> bool:
    names = [name_of(other) for other in earlier]
    shared = any(point in points for other in earlier for point in _keys(other))
    if shared and any(compatible(name_of(row), name) for name in names):
        return True
    born = row.birth_date
    return (
        born is not None
        and born >= REAL_BIRTHS_FROM
        and any(born == other.birth_date and compatible(name_of(row), name_of(other)) for other in earlier)
    )
