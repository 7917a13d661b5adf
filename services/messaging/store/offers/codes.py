"""Codes: added in sets, taken in sets, one a guest and offer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database.pool import Tx

Pair = tuple[str, UUID]
"""An offer and a guest."""


def add(tx: Tx, offer: str, codes: Iterable[tuple[str, str]], *, taken: bool = False) -> int:
    """How many of these (as compared, as shown) are new; one that any offer has is not added."""
    pairs = list(codes)
    return tx.execute(
        """
        insert into offer_code (code, shown, offer, taken)
        select distinct on (code) code, shown, %(offer)s, %(taken)s
        from unnest(%(codes)s::text[], %(shown)s::text[]) as said (code, shown) order by code
        on conflict (code) do nothing
        """,
        {
            "codes": [code for code, _ in pairs],
            "shown": [shown for _, shown in pairs],
            "offer": offer,
            "taken": taken,
        },
    ).rowcount


def is_known(tx: Tx, code: str) -> str | None:
    """The offer that has this code."""
    row = tx.execute("select offer from offer_code where code = %s", [code]).fetchone()
    return row[0] if row else None


def given(tx: Tx, offers: Sequence[str], guests: Sequence[UUID]) -> dict[Pair, str]:
    """What these guests, or whoever was merged into them, were given: by offer and guest the code. One's own goes
    before that of somebody who was merged."""
    rows = tx.execute(
        """
        with recursive family as (
            select guest_id as root, guest_id from unnest(%(guests)s::uuid[]) as asked (guest_id)
            union
            select root, merged.guest_id from family join recipient as merged on merged.into_guest_id = family.guest_id
        )
        select distinct on (root, offer) offer, root, code
        from family join offer_taken using (guest_id) where offer = any(%(offers)s::text[])
        order by root, offer, guest_id = root desc, taken_at, code
        """,
        {"offers": list(offers), "guests": list(guests)},
    )
    return {(offer, guest): code for offer, guest, code in rows}


@dataclass(frozen=True, slots=True)
class Free:
    """A free code, its place in the order in which they were added, and whether they are taken from the end."""

    seq: int
    code: str
    turned: bool = False


Marks = Mapping[tuple[str, bool], int]
"""By offer and direction, how far its codes were taken."""


def lock_free(tx: Tx, wanted: Mapping[str, int], marks: Marks) -> dict[str, list[Free]]:
    """By offer at most so many free codes that nobody else is taking, in their order, from behind its mark on: what
    lies before it was taken, and to walk past a million of those takes longer than all else. Where there are too few,
    those before it are looked through too.

    After a restore they are taken from the other end: those that were given in the time that is lost are free again as
    the backup knows it, and lie at the end from which they were taken. A second restore turns round again.
    """
    row = tx.execute("select count(*) % 2 from restored").fetchone()
    turned = bool(row and row[0])
    found = _lock(tx, wanted, _ahead(turned), marks, turned=turned)
    short = {offer: most - len(found[offer]) for offer, most in wanted.items()}
    behind = {offer: most for offer, most in short.items() if most and (offer, turned) in marks}
    for offer, some in _lock(tx, behind, _behind(turned), marks, turned=turned).items() if behind else ():
        found[offer] += some
    return found


def _lock(tx: Tx, wanted: Mapping[str, int], query: str, marks: Marks, *, turned: bool) -> dict[str, list[Free]]:
    found: dict[str, list[Free]] = {offer: [] for offer in wanted}
    start = LAST if turned else 0
    params = {"offers": list(wanted), "counts": list(wanted.values())}
    for offer, seq, code in tx.execute(
        query, {**params, "marks": [marks.get((offer, turned), start) for offer in wanted]}
    ):
        found[offer].append(Free(seq, code, turned))
    return found


LAST = 2**62
LOCK = """
    select wanted.offer, free.seq, free.code
    from unnest(%(offers)s::text[], %(counts)s::int[], %(marks)s::bigint[]) as wanted (offer, most, mark), lateral (
        select seq, code from offer_code where offer = wanted.offer and not taken and {where}
        order by seq {way} limit wanted.most for update skip locked
    ) as free
"""


def _ahead(turned: bool) -> str:
    return LOCK.format(where=f"seq {'<' if turned else '>'} wanted.mark", way="desc" if turned else "asc")


def _behind(turned: bool) -> str:
    return LOCK.format(where=f"seq {'>=' if turned else '<='} wanted.mark", way="desc" if turned else "asc")


def is_any_free(tx: Tx, offer: str, besides: Sequence[str]) -> bool:
    """Whether a code is free, taken by nobody yet, other than these."""
    query = "select from offer_code where offer = %s and not taken and code <> all(%s) limit 1"
    return tx.execute(query, [offer, list(besides)]).fetchone() is not None


def take(tx: Tx, params: Mapping[str, Any]) -> list[Pair]:
    """These codes are these guests'. Which pairs are new."""
    rows = tx.execute(
        """
        with said as materialized (
            select * from unnest(%(offer)s::text[], %(guest_id)s::uuid[], %(code)s::text[], %(property)s::text[],
                                 %(message_id)s::uuid[]) as said (offer, guest_id, code, property, message_id)
        ), taken as (
            update offer_code set taken = true from said where offer_code.code = said.code and not taken
        )
        insert into offer_taken (offer, guest_id, code, property, message_id, taken_at)
        select offer, guest_id, code, property, message_id, %(at)s from said order by offer, guest_id
        on conflict do nothing
        returning offer, guest_id
        """,
        params,
    )
    return [(offer, guest) for offer, guest in rows]


def shown(tx: Tx, codes: Sequence[str]) -> dict[str, str]:
    rows = tx.execute("select code, shown from offer_code where code = any(%s)", [list(codes)])
    return dict(rows.fetchall())


def order_batch(tx: Tx, params: Mapping[str, Any]) -> None:
    tx.execute(
        """
        insert into offer_batch (batch_id, offer, source, wanted, content, file_name, ordered_by, ordered_at)
        values (%(batch_id)s, %(offer)s, %(source)s, %(wanted)s, %(content)s, %(file_name)s, %(by)s, %(at)s)
        on conflict (batch_id) do nothing
        """,
        params,
    )


def next_batch(tx: Tx, piece: int) -> tuple[UUID, str, str, int, bytes | None] | None:
    """The first batch that is not done and that nobody works at, locked: its id, offer, source, how much is left to
    make, and the next piece of its file."""
    row = tx.execute(
        """
        select batch_id, offer, source, wanted - done,
               substring(content from position::int + 1 for %s)
        from offer_batch where ended_at is null order by ordered_at, batch_id limit 1 for update skip locked
        """,
        [piece],
    ).fetchone()
    return row if row is None else (row[0], row[1], row[2], row[3], row[4])


def advance_batch(tx: Tx, params: Mapping[str, Any]) -> None:
    """So much further; at its end the file is forgotten."""
    tx.execute(
        """
        update offer_batch set done = done + %(done)s, added = added + %(added)s, position = position + %(read)s,
            ended_at = case when %(is_end)s then %(at)s::timestamptz end,
            content = case when not %(is_end)s then content end
        where batch_id = %(batch_id)s
        """,
        params,
    )


def first_open_batch(tx: Tx) -> datetime | None:
    row = tx.execute("select min(ordered_at) from offer_batch where ended_at is null").fetchone()
    return row[0] if row else None
