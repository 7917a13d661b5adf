"""Duty lists: who is called at a hotel, in which order, by what. Addresses rest sealed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import time
from typing import Any
from uuid import UUID

from services.feedback.rules.alerts import DutyMember
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel


@dataclass(frozen=True, kw_only=True)
class OnDuty:
    """A line of a duty list. `person_id`: None, a telephone that several carry. `language`: of the account."""

    member_id: UUID
    property: str
    place: int
    person_id: UUID | None
    name: str
    number: Sealed | None
    email: Sealed | None
    quiet_from: time | None
    quiet_until: time | None
    wakes: bool
    language: str | None = None
    zone: str = "UTC"


def addresses_of(one: OnDuty) -> Mapping[Channel, Sealed]:
    both = {Channel.SMS: one.number, Channel.EMAIL: one.email}
    return {channel: address for channel, address in both.items() if address}


def as_member(one: OnDuty) -> DutyMember:
    return DutyMember(
        member_id=one.member_id,
        name=one.name,
        zone=one.zone,
        reached_by=tuple(addresses_of(one)),
        quiet_from=one.quiet_from,
        quiet_until=one.quiet_until,
        wakes=one.wakes,
    )


def lists_of(tx: Tx, places: Collection[str | None]) -> Mapping[str | None, list[OnDuty]]:
    """By hotel, in the order of the list; under None everybody there is. Whoever has no access any more is left out."""
    every = None in places
    found: defaultdict[str | None, list[OnDuty]] = defaultdict(list)
    for one in tx.rows(OnDuty, LISTS, {"every": every, "hotels": [code for code in places if code]}):
        found[one.property].append(one)
        if every:
            found[None].append(one)
    return found


def own_numbers(tx: Tx, people: Sequence[UUID]) -> dict[UUID, OnDuty]:
    """Of those of these people who have access and stand on a list with a telephone of their own, one such line."""
    return {one.person_id: one for one in tx.rows(OnDuty, OWN, {"people": list(people)}) if one.person_id}


def add(tx: Tx, one: OnDuty) -> bool:
    """At the end of the list; whether it is new."""
    return tx.execute(ADD, asdict(one)).rowcount == 1


def remove(tx: Tx, hotel: str, member_id: UUID) -> str | None:
    """The name of whom it was; None where nobody of that number is on the hotel's list."""
    found = tx.execute(REMOVE, [hotel, member_id]).fetchone()
    return found[0] if found else None


def remove_ended(tx: Tx, people: list[Any], versions: list[int]) -> None:
    """Whose access has ended, unless something newer is known of them."""
    tx.execute(REMOVE_ENDED, {"people": people, "versions": versions})


def move_up(tx: Tx, hotel: str, member_id: UUID) -> bool:
    """Before whoever stands above; whether anything moved."""
    return tx.execute(MOVE_UP, {"property": hotel, "member_id": member_id}).rowcount > 0


LISTS = """
    select member_id, property, place, person_id, coalesce(person.name, duty.name) as name, number_sealed as number,
           email_sealed as email, quiet_from, quiet_until, wakes, person.language, coalesce(hotel.zone, 'UTC') as zone
    from duty_member as duty
    left join person_known as person using (person_id)
    left join hotel_known as hotel on hotel.code = property
    where (%(every)s or property = any(%(hotels)s::text[])) and (person_id is null or person.role is not null)
      and (person_id is null or person.properties = '{}' or property = any(person.properties))
    order by property, place, member_id
"""
OWN = """
    select distinct on (person_id) member_id, property, place, person_id, person.name, number_sealed as number,
           email_sealed as email, quiet_from, quiet_until, wakes, person.language
    from duty_member join person_known as person using (person_id)
    where person_id = any(%(people)s::uuid[]) and person.role is not null and number_sealed is not null
    order by person_id, property, place, member_id
"""
ADD = """
    insert into duty_member (member_id, property, place, person_id, name, number_sealed, email_sealed, quiet_from,
                             quiet_until, wakes)
    select %(member_id)s, %(property)s, coalesce(max(place), 0) + 1, %(person_id)s::uuid, %(name)s, %(number)s,
           %(email)s, %(quiet_from)s::time, %(quiet_until)s::time, %(wakes)s
    from duty_member where property = %(property)s
    on conflict do nothing
"""
REMOVE = "delete from duty_member where property = %s and member_id = %s returning name"
REMOVE_ENDED = """
    delete from duty_member using unnest(%(people)s::uuid[], %(versions)s::bigint[]) as ended (number, version)
    where person_id = ended.number and not exists (
        select from person_known as person where person.person_id = ended.number and person.version > ended.version)
"""
MOVE_UP = """
    with moved as (
        select member_id, place from duty_member where property = %(property)s and member_id = %(member_id)s
    ), above as (
        select duty.member_id, duty.place from duty_member as duty, moved
        where property = %(property)s and duty.place < moved.place order by duty.place desc limit 1
    )
    update duty_member as duty
    set place = case when duty.member_id = moved.member_id then above.place else moved.place end
    from moved, above where duty.member_id in (moved.member_id, above.member_id)
"""
