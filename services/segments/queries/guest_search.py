"""Find guests: by name, address, number or reservation, narrowed, sorted, and paged by key.

A name is found by the beginnings of its words (`words_of`), an address or a number by its blind index, a reservation by
the id that its source and hotel make of it. The order is an index's, so that a page is read and not sorted.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from services.segments.queries.scope import GUEST_SEEN, STAY_SEEN
from services.segments.rules.contact_points import email_point, phone_point
from services.segments.rules.reservations import StayKey
from shared.access.scope import Scope
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import InputError

A_PAGE = 25
RARE = 2000
PIECES = re.compile(r"[\s.,'’`\"()/·_-]+")
NUMBER = re.compile(r"[+\d][\d\s()./-]{5,24}")


@dataclass(frozen=True)
class Wish:
    """What is searched for. `after`: the key of the last guest seen, as `GuestFound.key` gives it."""

    text: str = ""
    segment: str = ""
    country: str = ""
    language: str = ""
    which: str = ""  # in_house | arriving | not_contacted | unreachable | doubled
    sort: str = "name"  # name | arrival
    after: str = ""


@dataclass(frozen=True)
class GuestFound:
    id: UUID
    name_key: str
    given_name: str
    family_name: str
    country: str | None
    language: str | None
    tier: str | None
    do_not_contact: str | None
    next_arrival_on: date | None  # whichever the hotel: the key of the order by arrival
    stays: int
    last_stay_on: date | None
    arrives_on: date | None
    is_in_house: bool
    address: Sealed | None

    def key(self, sort: str) -> str:
        return f"{self.next_arrival_on if sort == 'arrival' else self.name_key}|{self.id}"


WHICH: Mapping[str, str] = {
    "in_house": "f.in_house > 0 and exists ("
    "select from stay s where s.guest_id = g.id and s.status = 'checked_in' and {seen})",
    "arriving": "f.next_arrival_on is not null and exists ("
    "select from stay s where s.guest_id = g.id and s.status = 'booked' and {seen})",
    "not_contacted": "f.do_not_contact is not null",
    "unreachable": "not f.email_personal and not f.sms_personal",
    "doubled": "g.id in (select unnest(array[d.guest_id, d.other_id])"
    " from possible_duplicate d where d.dismissed_at is null)",
}
ORDER = {"name": ("g.name_key", "text"), "arrival": ("f.next_arrival_on", "date")}
PAGE = """
    select g.id, g.name_key, g.given_name, g.family_name, g.country, g.language, g.tier, g.do_not_contact,
           f.next_arrival_on, w.stays, w.last_stay_on, w.arrives_on, w.is_in_house, p.address
    from (
        select g.id from guest g join guest_facts f on f.guest_id = g.id
        where {conditions}
        order by {order}, g.id
        limit {most}
    ) as page
    join guest g on g.id = page.id
    join guest_facts f on f.guest_id = g.id
    left join lateral (
        select count(*) filter (where s.status = 'checked_out') as stays,
               max(s.checked_out_on) as last_stay_on,
               min(s.arrival) filter (where s.status = 'booked') as arrives_on,
               coalesce(bool_or(s.status = 'checked_in'), false) as is_in_house
        from stay s where s.guest_id = g.id and {seen}
    ) as w on true
    left join lateral (
        select c.address_sealed as address from guest_point gp join contact_point c using (point)
        where gp.guest_id = g.id and c.kind = 'personal'
        order by gp.channel, gp.said_at desc limit 1
    ) as p on true
    order by {order}, g.id
"""
COLUMNS = [field.name for field in fields(GuestFound)]


def find_guests(tx: Tx, wish: Wish, scope: Scope) -> tuple[list[GuestFound], str]:
    """A page of the guests of these hotels, and the key of the next page; "" where it is the last."""
    conditions, values = conditions_of(tx, wish, scope)
    order, _ = ORDER[wish.sort]
    query = PAGE.format(conditions=" and ".join(conditions), order=order, most=A_PAGE + 1, seen=STAY_SEEN)
    tx.execute("set local plan_cache_mode = force_custom_plan")  # a plan is as good as what is known of the values
    rows = [GuestFound(*row) for row in tx.execute(query, values).fetchall()]
    page = rows[:A_PAGE]
    return page, page[-1].key(wish.sort) if len(rows) > A_PAGE else ""


def conditions_of(tx: Tx, wish: Wish, scope: Scope) -> tuple[list[str], dict[str, Any]]:
    found = ["g.merged_into is null and g.erased_at is null"]
    values: dict[str, Any] = scope.values
    if not scope.everywhere:
        found.append(GUEST_SEEN)
    if wish.which:
        found.append(WHICH[wish.which].format(seen=STAY_SEEN))
    if wish.segment:
        found.append(
            "g.id in (select guest_id from membership where segments @>"
            " array[(select number from segment where key = %(segment)s and retired_at is null)])"
        )
    found += [f"g.{name} = %({name})s" for name in ("country", "language") if getattr(wish, name)]
    values |= {"segment": wish.segment, "country": wish.country, "language": wish.language}
    if wish.sort == "arrival":
        found.append("f.next_arrival_on is not null")
    if wish.text:
        condition, said = _by_text(tx, wish.text)
        found.append(condition)
        values |= said
    if wish.after:
        condition, said = _behind(wish)
        found.append(condition)
        values |= said
    return found, values


def _behind(wish: Wish) -> tuple[str, dict[str, Any]]:
    order, kind = ORDER[wish.sort]
    value, _, last = wish.after.rpartition("|")
    try:
        UUID(last)
        if kind == "date":
            date.fromisoformat(value)
    except ValueError as error:
        raise InputError(problems={"after": "the key of a page expected"}) from error
    return f"({order}, g.id) > (%(after)s::{kind}, %(last)s::uuid)", {"after": value, "last": last}


def _by_text(tx: Tx, text: str) -> tuple[str, dict[str, Any]]:
    """An address, a number or a reservation where one matches; else a name."""
    if known := {*_by_points(tx, text), *_by_reservation(tx, text)}:
        return "g.id = any(%(known)s::uuid[])", {"known": sorted(known)}
    row = tx.execute("select folded(%s)", [text]).fetchone()
    pieces = [piece for piece in PIECES.split(row[0] if row else "") if piece]
    return _by_words(tx, pieces) if pieces else ("true", {})


def _by_words(tx: Tx, pieces: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """A rare name by the index of words; one that thousands bear by walking the names in their order."""
    words = " & ".join("'{}':*".format(piece.replace("\\", "\\\\").replace("'", "''")) for piece in pieces)
    named = tx.execute(NAMED, [words, RARE + 1]).fetchall()
    if len(named) <= RARE:
        return "g.id = any(%(known)s::uuid[])", {"known": [guest for (guest,) in named]}
    tx.execute("set local enable_bitmapscan = off")  # the walk ends with the page, the index of words gives them all
    conditions: list[str] = []
    values = {"words": words}
    for place, piece in enumerate(piece for piece in pieces if piece.isascii() and piece.isalnum()):
        conditions.append(f"g.name_key like %(piece{place})s")  # far cheaper than taking every name to pieces
        values[f"piece{place}"] = f"%{piece}%"
    return " and ".join([*conditions, "words_of(g.name_key) @@ %(words)s::tsquery"]), values


def guests_under(tx: Tx, text: str) -> list[UUID]:
    """The guests of an exact id, address, number or reservation; who was merged away is found as who they are now."""
    found = {*_by_id(text), *_by_points(tx, text), *_by_reservation(tx, text)}
    return [guest for (guest,) in tx.execute(LIVING, [sorted(found)])]


def _by_id(text: str) -> list[UUID]:
    try:
        return [UUID(text.strip())]
    except ValueError:
        return []


def _by_points(tx: Tx, text: str) -> list[UUID]:
    points = set()
    if "@" in text and (email := email_point(text)):
        points.update(tx.keyring.indexes("email", email.address))
    elif NUMBER.fullmatch(text):
        countries = [None, *(code for (code,) in tx.execute("select distinct country from property_known"))]
        read = (phone_point(text, country) for country in countries)
        points = {index for phone in read if phone for index in tx.keyring.indexes("sms", phone.address)}
    query = "select distinct guest_id from guest_point where point = any(%s)"
    return [guest for (guest,) in tx.execute(query, [sorted(points)])] if points else []


def _by_reservation(tx: Tx, text: str) -> list[UUID]:
    """By each source and hotel there is: the pairs are stepped over in their index, the stays found by their ids."""
    wanted = {text.strip(), text.strip().upper()}
    pairs = tx.execute(SOURCES).fetchall()
    ids = [StayKey(source, hotel, text).stay_id() for source, hotel in pairs for text in wanted]
    query = "select distinct guest_id from stay where id = any(%(ids)s) or again_of = any(%(ids)s)"
    return [guest for (guest,) in tx.execute(query, {"ids": ids})] if ids else []


LIVING = """
    with recursive met as (
        select id, merged_into from guest where id = any(%s::uuid[])
        union
        select guest.id, guest.merged_into from guest join met on guest.id = met.merged_into
    )
    select guest.id from guest join met using (id)
    where guest.merged_into is null and guest.erased_at is null order by guest.name_key, guest.id
"""
NAMED = """
    select id from guest
    where words_of(name_key) @@ %s::tsquery and merged_into is null and erased_at is null
    limit %s
"""
SOURCES = """
    with recursive pair as (
        (select source, property from stay order by source, property limit 1)
        union all
        select s.source, s.property from pair, lateral (
            select source, property from stay
            where (source, property) > (pair.source, pair.property)
            order by source, property limit 1
        ) as s
    )
    select source, property from pair
"""
