"""What is kept of stays, properties, journeys and cases, each function over a whole chunk.

Rows are taken in the order of their keys, so that two consumers never wait for each other crosswise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from shared.database.pool import Tx


def keep_stays(tx: Tx, params: Mapping[str, Any]) -> None:
    """Each where its version is newer; the same version too where it is published `again`: it may say more by now."""
    tx.execute(
        """
        insert into stay_known as known (stay_id, version, guest_id, property, zone, reservation, status, arrival,
                                         departure, checked_in_at, checked_out_at, muted, room_type, guests)
        select distinct on (stay_id) *
        from unnest(%(stay_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(property)s::text[],
                    %(zone)s::text[], %(reservation)s::text[], %(status)s::text[], %(arrival)s::date[],
                    %(departure)s::date[], %(checked_in_at)s::timestamptz[], %(checked_out_at)s::timestamptz[],
                    %(muted)s::boolean[], %(room_type)s::text[], %(guests)s::int[])
            as said (stay_id, version, guest_id, property, zone, reservation, status, arrival, departure, checked_in_at,
                     checked_out_at, muted, room_type, guests)
        order by stay_id, version desc
        on conflict (stay_id) do update set
            (version, guest_id, property, zone, reservation, status, arrival, departure, checked_in_at, checked_out_at,
             muted, room_type, guests)
            = (excluded.version, excluded.guest_id, excluded.property, excluded.zone, excluded.reservation,
               excluded.status, excluded.arrival, excluded.departure, excluded.checked_in_at, excluded.checked_out_at,
               excluded.muted, excluded.room_type, excluded.guests)
        where excluded.version > known.version or (%(again)s and excluded.version = known.version)
        """,
        params,
    )


def note_news_of_properties(tx: Tx, params: Mapping[str, Any]) -> list[str]:
    """When a property was last heard of. Those of which this is news."""
    rows = tx.execute(
        """
        insert into property_heard as known (code, heard_at)
        select code, max(heard_at)
        from unnest(%(codes)s::text[], %(heard_at)s::timestamptz[]) as said (code, heard_at)
        where code is not null group by code order by code
        on conflict (code) do update set heard_at = excluded.heard_at where excluded.heard_at > known.heard_at
        returning code
        """,
        params,
    )
    return [code for (code,) in rows]


def wake_stale(tx: Tx, codes: Sequence[str], heard_since: datetime, next_at: datetime) -> None:
    """Whatever waits for one of these properties to be heard of is looked at again at `next_at`, where it has been
    heard of since then. What a claim holds at this moment is left to that claim, which looks for news once more."""
    tx.execute(
        """
        with waiting as (
            select message_id from delivery
            where state = 'held' and reason = 'stale_data'
              and property in (select code from property_heard where code = any(%(codes)s) and heard_at >= %(since)s)
            order by message_id for update skip locked
        )
        update delivery set next_at = least(next_at, %(next_at)s)
        from waiting where delivery.message_id = waiting.message_id
        """,
        {"codes": list(codes), "since": heard_since, "next_at": next_at},
    )


def await_news(tx: Tx, codes: Sequence[str]) -> None:
    """From here on whoever hears of these properties waits for this transaction, and sees what it wrote."""
    tx.execute(
        """
        insert into property_heard (code, heard_at) select code, 'epoch' from unnest(%s::text[]) as asked (code)
        order by code on conflict do nothing
        """,
        [list(codes)],
    )
    tx.execute("select from property_heard where code = any(%s) order by code for share", [list(codes)])


def keep_properties(tx: Tx, params: Mapping[str, Any]) -> None:
    """As `keep_stays`."""
    tx.execute(
        """
        insert into property_known as known (code, version, name, zone, country, legal_entity, postal_address, contact,
                                             told_of_survey, names, colour, logo, phone, check_in, map_url,
                                             booking_url)
        select distinct on (code) code, version, name, zone, country, legal_entity, postal_address, contact,
                                  told_of_survey, names::jsonb, colour, logo,
                                  phone, check_in, map_url, booking_url
        from unnest(%(code)s::text[], %(version)s::bigint[], %(name)s::text[], %(zone)s::text[], %(country)s::text[],
                    %(legal_entity)s::text[], %(postal_address)s::text[], %(contact)s::text[],
                    %(told_of_survey)s::boolean[], %(names)s::text[], %(colour)s::text[], %(logo)s::text[],
                    %(phone)s::text[], %(check_in)s::text[], %(map_url)s::text[], %(booking_url)s::text[])
            as said (code, version, name, zone, country, legal_entity, postal_address, contact, told_of_survey, names,
                     colour, logo, phone, check_in, map_url, booking_url)
        order by code, version desc
        on conflict (code) do update set
            (version, name, zone, country, legal_entity, postal_address, contact, told_of_survey, names, colour, logo,
             phone, check_in, map_url, booking_url)
            = (excluded.version, excluded.name, excluded.zone, excluded.country, excluded.legal_entity,
               excluded.postal_address, excluded.contact, excluded.told_of_survey, excluded.names, excluded.colour,
               excluded.logo, excluded.phone, excluded.check_in, excluded.map_url, excluded.booking_url)
        where excluded.version > known.version or (%(again)s and excluded.version = known.version)
        """,
        params,
    )


def zones_of_properties(tx: Tx, codes: Sequence[str]) -> dict[str, str]:
    return dict(tx.execute("select code, zone from property_known where code = any(%s)", [list(codes)]).fetchall())


def keep_journeys(tx: Tx, params: Mapping[str, Any]) -> None:
    """The names by which pages call journeys."""
    tx.execute(
        """
        insert into journey_known as known (journey, version, name)
        select distinct on (journey) journey, version, name
        from unnest(%(journey)s::text[], %(version)s::int[], %(name)s::text[], %(launched_at)s::timestamptz[])
            as said (journey, version, name, launched_at)
        where name <> ''
        order by journey, version desc, launched_at desc
        on conflict (journey) do update set (version, name) = (excluded.version, excluded.name)
        where excluded.version >= known.version
        """,
        params,
    )


def keep_cases(tx: Tx, params: Mapping[str, Any]) -> None:
    """Each where its version is newer; a case counts from when it was first opened."""
    tx.execute(
        """
        insert into case_known as known (case_id, version, guest_id, kind, open, opened_at)
        select distinct on (case_id) case_id, version, guest_id, kind, open, occurred_at
        from unnest(%(case_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(kind)s::text[],
                    %(open)s::boolean[], %(occurred_at)s::timestamptz[])
            as said (case_id, version, guest_id, kind, open, occurred_at)
        order by case_id, version desc
        on conflict (case_id) do update set
            version = excluded.version, guest_id = excluded.guest_id, kind = excluded.kind, open = excluded.open,
            opened_at = least(known.opened_at, excluded.opened_at)
        where excluded.version > known.version
        """,
        params,
    )
