"""Find guests: by parts of what is known of them, narrowed, sorted, and paged by key.

Without words the order is an index's, so that a page is read and not sorted. With words whoever is most like them comes
first, and each guest is compared before they are listed: what the index finds is a proposal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from services.segments.queries.scope import GUEST_SEEN, STAY_SEEN
from services.segments.queries.search.matches import Within
from services.segments.queries.search.ranked import ranked
from services.segments.rules.search.question import Reading
from services.segments.rules.search.reasons import Hit
from services.segments.store.plans import plan_for_values
from shared.access.scope import Scope
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import InputError

A_PAGE = 25


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


@dataclass(frozen=True)
class Page:
    """`next_key`: of the next page; "" where it is the last. `hits`: why each guest was found. `reading`: the words
    looked for. `too_many`: there are more than are listed."""

    guests: list[GuestFound]
    next_key: str = ""
    hits: Mapping[UUID, tuple[Hit, ...]] = field(default_factory=dict)
    reading: Reading = ()
    too_many: bool = False


def find_guests(tx: Tx, wish: Wish, scope: Scope, *, contacts: bool = False) -> Page:
    """A page of the guests of these hotels. `contacts`: whoever asks sees addresses and numbers, and finds guests by
    parts of them; a whole one finds its guests for everybody."""
    if wish.text:
        return _most_like(tx, wish, scope, contacts)
    conditions, values = conditions_of(wish, scope)
    if wish.after:
        condition, said = _behind(wish)
        conditions.append(condition)
        values |= said
    plan_for_values(tx)
    rows = _rows(tx, conditions, values, ORDER[wish.sort][0])
    page = rows[:A_PAGE]
    return Page(page, page[-1].key(wish.sort) if len(rows) > A_PAGE else "")


def _most_like(tx: Tx, wish: Wish, scope: Scope, contacts: bool) -> Page:
    found = ranked(tx, wish.text, within(wish, scope, contacts), A_PAGE + 1, wish.after)
    listed = found.matches[:A_PAGE]
    ids = [match.id for match in listed]
    rows = _rows(tx, ["g.id = any(%(ids)s)"], {**scope.values, "ids": ids}, "g.name_key") if ids else []
    by_id = {row.id: row for row in rows}
    guests = [by_id[id] for id in ids if id in by_id]
    next_key = listed[-1].key if len(found.matches) > A_PAGE else ""
    return Page(guests, next_key, found.hits, found.reading, found.too_many)


def within(wish: Wish, scope: Scope, contacts: bool) -> Within:
    conditions, values = conditions_of(wish, scope)
    return Within(conditions, values, ORDER[wish.sort][0], scope, contacts, by_likeness=wish.sort == "name")


def _rows(tx: Tx, conditions: Sequence[str], values: Mapping[str, Any], order: str) -> list[GuestFound]:
    query = PAGE.format(conditions=" and ".join(conditions), order=order, most=A_PAGE + 1, seen=STAY_SEEN)
    return [GuestFound(*row) for row in tx.execute(query, values).fetchall()]


def conditions_of(wish: Wish, scope: Scope) -> tuple[list[str], dict[str, Any]]:
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
