"""What segments tells a guest in words, beside its declared rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.segments.store.money.currencies import load_currencies
from shared.database.pool import Tx
from shared.personal_data.guest_file.held import Held, in_file, plain

ENTERED, LEFT = in_file("entered"), in_file("left")


def tell(tx: Tx, guests: Sequence[UUID]) -> list[Held]:
    asked = {"guests": list(guests)}
    now = [[name, plain(since)] for name, since in tx.execute(SEGMENTS, asked)]
    moves = [[plain(at), name, {"word": ENTERED if came else LEFT}] for at, name, came in tx.execute(CHANGES, asked)]
    days = [[name, plain(day)] for name, day in tx.execute(DAYS, asked)]
    return [
        Held(in_file("Dates that the hotel keeps of you"), (in_file("Date"), in_file("Day")), days),
        Held(in_file("Groups you are in now"), (in_file("Group"), in_file("Since")), now),
        Held(in_file("Groups you entered and left"), (in_file("When"), in_file("Group"), in_file("Change")), moves),
    ]


def currencies_in(tx: Tx) -> Mapping[str, str]:
    """Of amounts: by hotel, and under «» what is added over hotels."""
    return load_currencies(tx).by_hotel()


def ids_of(tx: Tx, guest_id: UUID) -> list[UUID]:
    """The guest's own and those of everybody who was merged into them."""
    return [one for (one,) in tx.execute(IDS, [guest_id])]


IDS = """
    with recursive known as (
        select %s::uuid as id
        union
        select guest.id from guest join known on guest.merged_into = known.id
    )
    select id from known
"""

DAYS = """
    select house_date.name, guest_date.on_date
    from guest_date join house_date on house_date.key = guest_date.date_key
    where guest_date.guest_id = any(%(guests)s::uuid[]) order by house_date.name
"""
CHANGES = """
    select change.at, segment.name, change.entered
    from membership_change as change join segment on segment.number = change.segment
    where change.guest_id = any(%(guests)s::uuid[]) order by change.at, segment.number
"""
SEGMENTS = """
    select segment.name, (
        select max(change.at) from membership_change as change
        where change.guest_id = membership.guest_id and change.segment = segment.number and change.entered
    ) as since
    from membership join segment on segment.number = any(membership.segments)
    where membership.guest_id = any(%(guests)s::uuid[]) and segment.retired_at is null
    order by segment.name, segment.number
"""
