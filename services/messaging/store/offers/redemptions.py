"""Uses of codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.messaging.rules.offers.offer import offer_of
from services.messaging.rules.offers.redeeming import CodeFound, Use
from shared.database.pool import Tx


def find_codes(tx: Tx, codes: Sequence[str], *, lock: bool) -> dict[str, CodeFound]:
    """These codes with their offers and last uses. Locked, whoever else uses one of them waits."""
    if lock:
        tx.execute("select from offer_code where code = any(%s) order by code for update", [list(codes)])
    rows = tx.execute(
        """
        select one.code, one.shown, one.taken, offer.key, offer.state, offer.kind, offer.document,
               last.use_number, last.property, last.redeemed_on, last.recorded_by
        from offer_code as one join offer on offer.key = one.offer
        left join lateral (
            select use_number, property, redeemed_on, recorded_by from offer_redemption
            where offer_redemption.code = one.code order by use_number desc limit 1
        ) as last on true
        where one.code = any(%s)
        """,
        [list(codes)],
    )
    return {
        code: CodeFound(code, shown, offer_of(key, state, kind, document), taken, Use(*use) if use[0] else None)
        for code, shown, taken, key, state, kind, document, *use in rows
    }


def holders(tx: Tx, codes: Sequence[str]) -> dict[str, UUID]:
    """Whose these codes are: who was given each, or whom they became by merges."""
    rows = tx.execute(
        """
        with recursive holder as (
            select code, guest_id, 0 as hops from offer_taken where code = any(%s)
            union
            select code, into_guest_id, hops + 1 from holder join recipient using (guest_id)
            where into_guest_id is not null and hops < 100
        )
        select distinct on (code) code, guest_id from holder order by code, hops desc
        """,
        [list(codes)],
    )
    return dict(rows.fetchall())


def stays_of(tx: Tx, hotels: Sequence[str], reservations: Sequence[str]) -> dict[tuple[str, str], tuple[UUID, UUID]]:
    """By hotel and number, the guest and the stay."""
    rows = tx.execute(
        """
        select distinct on (property, reservation) property, reservation, guest_id, stay_id
        from unnest(%s::text[], %s::text[]) as asked (hotel, number)
        join stay_known on (reservation, property) = (number, hotel)
        order by property, reservation, arrival desc, stay_id
        """,
        [list(hotels), list(reservations)],
    )
    return {(hotel, number): (guest, stay) for hotel, number, guest, stay in rows}


def known(tx: Tx, ids: Sequence[UUID]) -> set[UUID]:
    rows = tx.execute("select redemption_id from offer_redemption where redemption_id = any(%s)", [list(ids)])
    return {one for (one,) in rows}


def add(tx: Tx, params: Mapping[str, Any]) -> None:
    tx.execute(
        """
        insert into offer_redemption (redemption_id, offer, code, use_number, guest_id, stay_id, property, redeemed_on,
                                      amount, currency, source, recorded_by, recorded_at)
        select redemption_id, offer, code, use_number, guest_id, stay_id, property, redeemed_on, amount, currency,
               %(source)s, %(by)s, %(at)s
        from unnest(%(redemption_id)s::uuid[], %(offer)s::text[], %(code)s::text[], %(use_number)s::int[],
                    %(guest_id)s::uuid[], %(stay_id)s::uuid[], %(property)s::text[], %(redeemed_on)s::date[],
                    %(amount)s::numeric[], %(currency)s::text[])
            as said (redemption_id, offer, code, use_number, guest_id, stay_id, property, redeemed_on, amount, currency)
        """,
        params,
    )


def zones_of(tx: Tx, hotels: Sequence[str]) -> dict[str, str]:
    return dict(tx.execute("select code, zone from property_known where code = any(%s)", [list(hotels)]).fetchall())
