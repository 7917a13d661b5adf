"""Whom a stranger may be: guests who share the contact point, and guests who are looked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.feedback.queries.guests import Named
from services.feedback.queries.scope import GUEST_SEEN
from shared.access.scope import Scope, within
from shared.contact_points.emails import the_email
from shared.contact_points.phones import read_phones
from shared.crypto.sealing import KeyRing
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel


@dataclass(frozen=True, kw_only=True)
class Candidate(Named):
    """`arrival`, `departure`: of the last stay that is seen."""

    guest_id: UUID
    hotel: str | None
    arrival: date | None
    departure: date | None


MOST = 10
NUMBER = re.compile(r"[+\d][\d\s()./-]{5,24}")
APART = re.compile(r"[^+\d]")


def sharing(tx: Tx, point: str, scope: Scope) -> list[Candidate]:
    """The guests that a contact point is known of."""
    return tx.rows(Candidate, SHARING, {"points": [point], **scope.values, "most": MOST})


def looked_for(tx: Tx, text: str, scope: Scope) -> list[Candidate]:
    """By the beginnings of a name, by a whole reservation number, by a whole address or number."""
    params = {"sought": text.replace("\\", " "), "points": points_in(tx.keyring, text), **scope.values, "most": MOST}
    row = tx.execute(WORDS, params).fetchone()
    return tx.rows(Candidate, LOOKED_FOR, {**params, "words": row[0] if row else ""})


def points_in(keyring: KeyRing, text: str) -> Sequence[str]:
    """What a whole address or number is known by."""
    if "@" in text and (address := the_email(text)):
        return keyring.indexes(Channel.EMAIL, address)
    if not NUMBER.fullmatch(text):
        return []
    read = next(iter(read_phones(text)), None)
    return keyring.indexes(Channel.SMS, read.address if read else APART.sub("", text))


WORDS = """
    select coalesce(string_agg(quote_literal(word) || ':*', ' & '), '')
    from unnest(string_to_array(translate(folded(%(sought)s), '.,''’`"()/·_-', '            '), ' ')) as word
    where word <> ''
"""
FOUND = f"""
    select guest.guest_id, given_name, family_name, coalesce(stayed.hotel, home.name) as hotel, arrival, departure
    from guest_known as guest
    left join hotel_known as home on home.code = guest.home_property
    left join lateral (
        select coalesce(hotel.name, own.property) as hotel, arrival, departure
        from stay_known as own left join hotel_known as hotel on hotel.code = own.property
        where own.guest_id = guest.guest_id and {within("own.property")}
        order by arrival desc, stay_id limit 1
    ) as stayed on true
    where not gone and {GUEST_SEEN}
"""
SHARING = f"""
    {FOUND} and (emails && %(points)s::text[] or numbers && %(points)s::text[])
    order by family_name, given_name, guest_id limit %(most)s
"""
LOOKED_FOR = f"""
    {FOUND} and guest.guest_id in (
        select guest_id from guest_known
        where %(words)s <> '' and words_of(folded(family_name || ' ' || given_name)) @@ %(words)s::tsquery
        union
        select guest_id from stay_known where lower(reservation) = lower(%(sought)s) and {within("property")}
        union
        select guest_id from guest_known where emails && %(points)s::text[] or numbers && %(points)s::text[])
    order by family_name, given_name, guest_id limit %(most)s
"""
