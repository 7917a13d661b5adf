"""Whom the lines of a list name: an address, a number or a reservation each. In sets, not line by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.segments.queries.scope import GUEST_SEEN, STAY_SEEN
from services.segments.queries.search.exact import NUMBER
from services.segments.rules.people.contact_points import email_point, phone_point
from services.segments.store.guests.stays import ids_under
from shared.access.scope import Scope
from shared.database.pool import Tx


@dataclass(frozen=True)
class Found:
    """A line of the file, and whom it names: nobody, one, or several who share an address."""

    line: str
    guests: tuple[UUID, ...]


def named_guests(tx: Tx, lines: Sequence[str], scope: Scope) -> list[Found]:
    """In the order of the lines, each once. Of guests of other hotels nothing is told."""
    once = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    countries = [None, *(code for (code,) in tx.execute("select distinct country from property_known"))]
    points = {line: _indexes(tx, line, countries) for line in once}
    by_point = _by_points(tx, [point for found in points.values() for point in found], scope)
    by_number = _by_reservations(tx, [line for line in once if "@" not in line], scope)
    return [
        Found(
            line,
            tuple(
                sorted(
                    {guest for point in points[line] for guest in by_point.get(point, ())} | by_number.get(line, set())
                )
            ),
        )
        for line in once
    ]


def _indexes(tx: Tx, line: str, countries: Sequence[str | None]) -> list[str]:
    if "@" in line:
        email = email_point(line)
        return list(tx.keyring.indexes("email", email.address)) if email else []
    if not NUMBER.fullmatch(line):
        return []
    read = (phone_point(line, country) for country in countries)
    return [index for phone in read if phone for index in tx.keyring.indexes("sms", phone.address)]


def _by_points(tx: Tx, points: Sequence[str], scope: Scope) -> dict[str, set[UUID]]:
    query = f"""
        select distinct gp.point, g.id from guest_point gp
        join guest g on g.id = gp.guest_id and g.merged_into is null and g.erased_at is null
        where gp.point = any(%(points)s) and ({"true" if scope.everywhere else GUEST_SEEN})
    """
    return _sets(tx.execute(query, {"points": sorted(set(points)), **scope.values}).fetchall())


def _by_reservations(tx: Tx, numbers: Sequence[str], scope: Scope) -> dict[str, set[UUID]]:
    query = f"""
        select distinct s.reservation, s.guest_id from stay s join guest g on g.id = s.guest_id
        where (s.id = any(%(ids)s) or s.again_of = any(%(ids)s)) and g.erased_at is null and {STAY_SEEN}
    """
    ids = ids_under(tx, {*numbers, *map(str.upper, numbers)})
    found = _sets(tx.execute(query, {"ids": ids, **scope.values}).fetchall()) if ids else {}
    return {number: found.get(number, set()) | found.get(number.upper(), set()) for number in numbers}


def _sets(rows: Sequence[tuple[str, UUID]]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = {}
    for key, guest in rows:
        found.setdefault(key, set()).add(guest)
    return found
