"""What is kept of guests, each function over a whole chunk. Rows are taken in the order of their keys, so that
two consumers never wait for each other crosswise."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from shared.database.pool import Tx


def keep_guests(tx: Tx, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """The guests whose stored version changed, or is published `again`: (guest, version). What is newer than a merge
    follows its end."""
    return tx.execute(
        """
        insert into recipient as known (guest_id, version, title, given_name, family_name, birth_date, language,
                                        country, home_zone, home_property, do_not_contact, rights, tier,
                                        loyalty_points, own_dates)
        select distinct on (guest_id) guest_id, version, title, given_name, family_name, birth_date, language, country,
               home_zone, home_property, do_not_contact, rights::text[], tier, loyalty_points,
               nullif(own_dates, '{}')
        from unnest(%(guest_id)s::uuid[], %(version)s::bigint[], %(title)s::text[], %(given_name)s::text[],
                    %(family_name)s::text[], %(birth_date)s::date[], %(language)s::text[], %(country)s::text[],
                    %(home_zone)s::text[], %(home_property)s::text[], %(do_not_contact)s::text[], %(rights)s::text[],
                    %(tier)s::text[], %(loyalty_points)s::bigint[], %(own_dates)s::jsonb[])
            as said (guest_id, version, title, given_name, family_name, birth_date, language, country, home_zone,
                     home_property, do_not_contact, rights, tier, loyalty_points, own_dates)
        order by guest_id, version desc
        on conflict (guest_id) do update set
            (version, title, given_name, family_name, birth_date, language, country, home_zone, home_property,
             do_not_contact, rights, tier, loyalty_points, own_dates, gone)
            = (excluded.version, excluded.title, excluded.given_name, excluded.family_name, excluded.birth_date,
               excluded.language, excluded.country, excluded.home_zone, excluded.home_property,
               excluded.do_not_contact, excluded.rights, excluded.tier,
               excluded.loyalty_points, excluded.own_dates, null)
        where (excluded.version > known.version or (%(again)s and excluded.version = known.version))
          and known.gone is distinct from 'erased'
        returning guest_id::text, version
        """,
        params,
    ).fetchall()


def drop_points(tx: Tx, params: Mapping[str, Any]) -> None:
    """All contact points of these guests."""
    tx.execute(
        "delete from recipient_point where guest_id = any(%(guest_id)s::uuid[])",
        params,
    )


def add_points(tx: Tx, params: Mapping[str, Any]) -> None:
    """Contact points in their order of preference."""
    tx.execute(
        """
        insert into recipient_point (guest_id, rank, channel, point, address_sealed, kind, stay_id, forms_sealed)
        select * from unnest(%(guest_id)s::uuid[], %(rank)s::int[], %(channel)s::text[], %(point)s::text[],
                             %(address)s::text[], %(kind)s::text[], %(stay_id)s::uuid[], %(forms)s::text[])
        """,
        params,
    )


# One claim a guest and channel: a refusal, else the greatest (said_at, source_ref).
SAID = """
    select distinct on (guest_id, channel) *
    from unnest(%(guest_id)s::uuid[], %(channel)s::text[], %(state)s::text[], %(said_at)s::timestamptz[],
                %(source_ref)s::text[], %(expires_on)s::date[])
        as claim (guest_id, channel, state, said_at, source_ref, expires_on)
    order by guest_id, channel, state = 'refused' desc, said_at desc, source_ref desc
"""


def keep_first_claims(tx: Tx, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Most claims are the first on their guest and channel: they are kept here, and the others returned for
    `keep_claims`.
    """
    return tx.execute(
        f"""
        with said as materialized ({SAID}), first as (
            insert into consent (guest_id, channel, purpose, version, state, source, source_ref, said_at, expires_on)
            select guest_id, channel, 'marketing', 1, state, 'import', source_ref, said_at, expires_on
            from said order by guest_id, channel
            on conflict do nothing
            returning *
        ), logged as (
            insert into consent_ledger (guest_id, channel, purpose, state, source, source_ref, said_at, expires_on,
                                        recorded_at)
            select guest_id, channel, purpose, state, source, source_ref, said_at, expires_on, %(at)s
            from first order by guest_id, channel
        )
        select guest_id, channel, state, said_at, source_ref, expires_on
        from said where not exists (select from first where (guest_id, channel) = (said.guest_id, said.channel))
        """,
        params,
    ).fetchall()


def keep_claims(tx: Tx, params: Mapping[str, Any]) -> None:
    """Of what sources claim a refusal stands until the guest agrees again, else the greatest (said_at, source_ref)
    decides; what a person recorded or a guest withdrew is no import's to change. Claims carry their own order, so they
    count even in an event that is otherwise late. The ledger is written where the answer differs."""
    tx.execute(
        f"""
        with said as ({SAID}), before as materialized (
            select consent.* from consent join said using (guest_id, channel) where purpose = 'marketing'
        ), kept as (
            insert into consent as known (guest_id, channel, purpose, version, state, source, source_ref, said_at,
                                          expires_on)
            select guest_id, channel, 'marketing', 1, state, 'import', source_ref, said_at, expires_on
            from said order by guest_id, channel
            on conflict (guest_id, channel, purpose) do update set
                version = known.version + (excluded.state <> known.state)::int, state = excluded.state,
                source = excluded.source, source_ref = excluded.source_ref, said_at = excluded.said_at,
                expires_on = excluded.expires_on
            where known.state not in ('withdrawn', 'refused')
              and (excluded.state = 'refused' and (known.source <> 'recorded' or known.said_at < excluded.said_at)
                   or known.source = 'import'
                      and (excluded.said_at, excluded.source_ref) > (known.said_at, known.source_ref))
            returning known.*
        )
        insert into consent_ledger (guest_id, channel, purpose, state, source, source_ref, said_at, expires_on,
            recorded_at)
        select kept.guest_id, kept.channel, kept.purpose, kept.state, kept.source, kept.source_ref, kept.said_at,
               kept.expires_on, %(at)s
        from kept left join before using (guest_id, channel, purpose)
        where (kept.state, kept.expires_on) is distinct from (before.state, before.expires_on)
        order by kept.guest_id, kept.channel
        """,
        params,
    )


def add_tombstones(tx: Tx, params: Mapping[str, Any]) -> None:
    """Guests that are erased, also those of whom nothing is known. What is kept of them goes by the declaration."""
    tx.execute(
        """
        insert into recipient as known (guest_id, version, gone)
        select guest_id, version, 'erased' from unnest(%(guest_id)s::uuid[], %(version)s::bigint[])
            as said (guest_id, version)
        order by guest_id
        on conflict (guest_id) do update set version = greatest(known.version, excluded.version), gone = 'erased'
        """,
        params,
    )


def erased_among(tx: Tx, guests: Collection[str]) -> set[UUID]:
    """Those of these guests who are erased."""
    query = "select guest_id from recipient where gone = 'erased' and guest_id = any(%s::uuid[])"
    return {guest for (guest,) in tx.execute(query, [list(guests)])}
