"""Guests whose term is over: nobody has seen them for so long, nobody expects them, and no case of theirs is open.

Whose data are restricted stays: they are kept as they are until the restriction is lifted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database.pool import Tx
from shared.personal_data.retention.terms import Terms
from shared.vocabulary.personal_data import Kept
from shared.vocabulary.right import Right

FIRST = UUID(int=0)


@dataclass(frozen=True)
class OverTerm:
    """`last`: the last guest of the range, None where it was empty. `objecting`: those of them nobody may write to."""

    last: UUID | None
    guests: list[UUID]
    objecting: frozenset[UUID]


def over_term(tx: Tx, terms: Terms, now: datetime, after: UUID, most: int) -> OverTerm:
    """Of the next `most` guests by id."""
    rows = tx.execute(RANGE, {**_borders(terms, now), "after": after, "most": most}).fetchall()
    over = [(guest, reason) for guest, reason, is_over in rows if is_over]
    return OverTerm(
        last=rows[-1][0] if rows else None,
        guests=[guest for guest, _ in over],
        objecting=frozenset(guest for guest, reason in over if reason is not None),
    )


def count_over_term(tx: Tx, terms: Terms, now: datetime) -> int:
    row = tx.execute(COUNT, {**_borders(terms, now), "after": FIRST, "most": None}).fetchone()
    return int(row[0]) if row else 0


def _borders(terms: Terms, now: datetime) -> dict[str, Any]:
    """The instants before which a guest was last seen, for everybody and by country."""
    countries = sorted({*terms.countries(Kept.GUEST), *terms.countries(Kept.MEMBER)})

    def before(kept: Kept, country: str = "") -> datetime | None:
        span = terms.span(kept, country)
        return span.before(now) if span else None

    return {
        "restricted": str(Right.RESTRICTED),
        "guest": before(Kept.GUEST),
        "member": before(Kept.MEMBER),
        "countries": countries,
        "guests_there": [before(Kept.GUEST, country) for country in countries],
        "members_there": [before(Kept.MEMBER, country) for country in countries],
    }


RANGE = """
    select page.id, page.do_not_contact,
           coalesce(
               (select max(departure)::timestamptz from stay where stay.guest_id = page.id),
               page.created_at
           ) < page.before
           and not exists (
               select from message_known as message
               where (message.guest_id = page.id
                      or message.guest_id in (select id from guest as former where former.merged_into = page.id))
                 and message.clicked_at >= page.before
           )
           and %(restricted)s <> all(page.rights)
           and not exists (select from case_known where case_known.guest_id = page.id and open) as is_over
    from (
        select guest.id, do_not_contact, created_at, rights,
               case when tier is null then coalesce(there.guest, %(guest)s) else coalesce(there.member, %(member)s) end
                   as before
        from guest
        left join unnest(%(countries)s::text[], %(guests_there)s::timestamptz[], %(members_there)s::timestamptz[])
            as there (country, guest, member) on there.country = guest.country
        where guest.id > %(after)s and merged_into is null and erased_at is null
        order by guest.id
        limit %(most)s
    ) as page
    order by page.id
"""
COUNT = f"select count(*) from ({RANGE}) as looked_at where is_over"
