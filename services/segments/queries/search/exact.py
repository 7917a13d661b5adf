"""Guests of an exact id, address, number or reservation."""

from __future__ import annotations

import re
from uuid import UUID

from services.segments.queries.scope import STAY_SEEN
from services.segments.rules.people.contact_points import email_point, phone_point
from services.segments.store.guests.stays import ids_under
from shared.access.scope import EVERYWHERE, Scope
from shared.database.pool import Tx

NUMBER = re.compile(r"[+\d][\d\s()./-]{5,24}")


def guests_under(tx: Tx, text: str) -> list[UUID]:
    """The guests of an exact id, address, number or reservation; who was merged away is found as who they are now."""
    found = {*_by_id(text), *by_points(tx, text), *by_reservation(tx, text, EVERYWHERE)}
    return [guest for (guest,) in tx.execute(LIVING, [sorted(found)])]


def _by_id(text: str) -> list[UUID]:
    try:
        return [UUID(text.strip())]
    except ValueError:
        return []


def by_points(tx: Tx, text: str) -> list[UUID]:
    points = set()
    if "@" in text and (email := email_point(text)):
        points.update(tx.keyring.indexes("email", email.address))
    elif NUMBER.fullmatch(text):
        countries = [None, *(code for (code,) in tx.execute("select distinct country from property_known"))]
        read = (phone_point(text, country) for country in countries)
        points = {index for phone in read if phone for index in tx.keyring.indexes("sms", phone.address)}
    query = "select distinct guest_id from guest_point where point = any(%s)"
    return [guest for (guest,) in tx.execute(query, [sorted(points)])] if points else []


def by_reservation(tx: Tx, text: str, scope: Scope) -> list[UUID]:
    """Only by a stay that this person sees."""
    ids = ids_under(tx, {text.strip(), text.strip().upper()})
    query = f"""
        select distinct s.guest_id from stay s where (s.id = any(%(ids)s) or s.again_of = any(%(ids)s)) and {STAY_SEEN}
    """
    return [guest for (guest,) in tx.execute(query, {"ids": ids, **scope.values})] if ids else []


LIVING = """
    with recursive met as (
        select id, merged_into from guest where id = any(%s::uuid[])
        union
        select guest.id, guest.merged_into from guest join met on guest.id = met.merged_into
    )
    select guest.id from guest join met using (id)
    where guest.merged_into is null and guest.erased_at is null order by guest.name_key, guest.id
"""
