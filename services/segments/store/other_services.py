"""What the other services publish of guests: each subject in its greatest version."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import orjson

from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def save_consents(tx: Tx, chunk: Chunk) -> set[UUID]:
    """Whose consents changed."""
    statement = """
        insert into consent_known as old (guest_id, channel, purpose, version, state, changed_at)
        select distinct on (guest_id, channel, purpose) *
        from unnest(%(guest_id)s::uuid[], %(channel)s::text[], %(purpose)s::text[], %(version)s::bigint[],
                    %(state)s::text[], %(changed_at)s::timestamptz[])
             as t(guest_id, channel, purpose, version, state, changed_at)
        order by guest_id, channel, purpose, version desc
        on conflict (guest_id, channel, purpose) do update
        set version = excluded.version, state = excluded.state, changed_at = excluded.changed_at
        where excluded.version > old.version
        returning guest_id
    """
    return {guest_id for (guest_id,) in tx.execute(statement, chunk.columns)}


def save_messages(tx: Tx, chunk: Chunk, days: Sequence[date]) -> set[UUID]:
    """To whom a message was sent, as the guests they are now. `days`: of each, the guest's own."""
    statement = """
        with told as (
            insert into message_known as old
                (message_id, version, guest_id, journey, channel, state, sent_on)
            select distinct on (message_id) message_id, t.version, coalesce(merged_into, guest_id), journey, channel,
                state, case when state = 'sent' then day end
            from unnest(%(message_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(journey)s::text[],
                        %(channel)s::text[], %(state)s::text[], %(day)s::date[])
                 as t(message_id, version, guest_id, journey, channel, state, day)
            left join guest on guest.id = guest_id
            order by message_id, t.version desc
            on conflict (message_id) do update
            set version = excluded.version, channel = excluded.channel, state = excluded.state,
                sent_on = excluded.sent_on
            where excluded.version > old.version
            returning guest_id, state
        )
        select distinct guest_id from told where state = 'sent'
    """
    return {guest_id for (guest_id,) in tx.execute(statement, {**chunk.columns, "day": list(days)})}


def now_of(tx: Tx, guests: Collection[UUID]) -> set[UUID]:
    """The guests that these are now, merged or not."""
    query = "select coalesce(merged_into, id) from guest where id = any(%s)"
    return {guest for (guest,) in tx.execute(query, [list(guests)])}


@dataclass(frozen=True)
class SavedAnswer:
    answer_id: UUID
    guest_id: UUID
    is_new: bool


def save_answers(tx: Tx, chunk: Chunk, days: Sequence[date]) -> list[SavedAnswer]:
    """Those that are new, and those that changed. `days`: of each, the guest's own."""
    statement = """
        insert into answer_known as old
            (answer_id, version, guest_id, stay_id, property, score, answered_at, void, answered_on)
        select distinct on (answer_id) *
        from unnest(%(answer_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(stay_id)s::uuid[],
                    %(property)s::text[], %(score)s::int[], %(answered_at)s::timestamptz[], %(void)s::boolean[],
                    %(day)s::date[])
             as t(answer_id, version, guest_id, stay_id, property, score, answered_at, void, day)
        order by answer_id, version desc
        on conflict (answer_id) do update
        set version = excluded.version, score = excluded.score, answered_at = excluded.answered_at,
            void = excluded.void, answered_on = excluded.answered_on
        where excluded.version > old.version
        returning answer_id, guest_id, xmax = 0 as is_new
    """
    return tx.rows(SavedAnswer, statement, {**chunk.columns, "day": list(days)})


def save_topics(tx: Tx, chunk: Chunk) -> set[UUID]:
    """Whose answers were understood, as far as the answers are known here."""
    statement = """
        with saved as (
            insert into answer_topics as old (answer_id, version, guest_id, praised, criticised)
            select distinct on (answer_id) answer_id, version, guest_id,
                   array(select key from jsonb_each_text(topics) where value = 'positive' order by key),
                   array(select key from jsonb_each_text(topics) where value = 'negative' order by key)
            from unnest(%(answer_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(topics)s::jsonb[])
                 as t(answer_id, version, guest_id, topics)
            order by answer_id, version desc
            on conflict (answer_id) do update
            set version = excluded.version, praised = excluded.praised, criticised = excluded.criticised
            where excluded.version > old.version
            returning answer_id
        )
        select guest_id from answer_known join saved using (answer_id)
    """
    topics = [orjson.dumps(one).decode() for one in chunk["topics"]]
    return {guest_id for (guest_id,) in tx.execute(statement, {**chunk.columns, "topics": topics})}


def save_cases(tx: Tx, chunk: Chunk, days: Sequence[date]) -> set[UUID]:
    """Whose cases changed. `days`: of each, the guest's own. A case was opened on the first day that is told of it,
    whichever of its versions comes first."""
    statement = """
        insert into case_known as old (case_id, version, guest_id, property, kind, open, occurred_at, occurred_on,
            stay_id, opened_on)
        select distinct on (case_id) case_id, t.version, coalesce(merged_into, guest_id), property, kind, open,
               occurred_at, day, stay_id, min(day) over (partition by case_id)
        from unnest(%(case_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(property)s::text[],
                    %(kind)s::text[], %(open)s::bool[], %(occurred_at)s::timestamptz[], %(day)s::date[],
                    %(stay_id)s::uuid[])
             as t(case_id, version, guest_id, property, kind, open, occurred_at, day, stay_id)
        left join guest on guest.id = guest_id
        order by case_id, t.version desc
        on conflict (case_id) do update
        set version = greatest(old.version, excluded.version),
            guest_id = case when excluded.version > old.version then excluded.guest_id else old.guest_id end,
            kind = case when excluded.version > old.version then excluded.kind else old.kind end,
            open = case when excluded.version > old.version then excluded.open else old.open end,
            occurred_at = case when excluded.version > old.version then excluded.occurred_at else old.occurred_at end,
            occurred_on = case when excluded.version > old.version then excluded.occurred_on else old.occurred_on end,
            stay_id = coalesce(case when excluded.version > old.version then excluded.stay_id end, old.stay_id,
                excluded.stay_id),
            opened_on = least(old.opened_on, excluded.opened_on)
        where excluded.version > old.version or excluded.opened_on < old.opened_on
            or (old.stay_id is null and excluded.stay_id is not null)
        returning guest_id
    """
    return {guest_id for (guest_id,) in tx.execute(statement, {**chunk.columns, "day": list(days)})}


def save_journeys(tx: Tx, chunk: Chunk) -> None:
    """What journeys are called, as of their newest version."""
    statement = """
        insert into journey_known as old (journey, version, name)
        select distinct on (journey) *
        from unnest(%(journey)s::text[], %(version)s::bigint[], %(name)s::text[]) as t (journey, version, name)
        where name <> ''
        order by journey, version desc
        on conflict (journey) do update set version = excluded.version, name = excluded.name
        where excluded.version > old.version
    """
    tx.execute(statement, chunk.columns)


def save_entrances(tx: Tx, chunk: Chunk, days: Sequence[date]) -> set[UUID]:
    """Whose journeys changed, as the guests they are now. `days`: of each, the guest's own."""
    statement = """
        with told as (
            insert into journey_entered as old
                (enrolment_id, version, guest_id, journey, entered_on, stay_id)
            select distinct on (enrolment_id) *
            from unnest(%(enrolment_id)s::uuid[], %(version)s::bigint[], %(guest_id)s::uuid[], %(journey)s::text[],
                        %(day)s::date[], %(stay_id)s::uuid[])
                 as t (enrolment_id, version, guest_id, journey, day, stay_id)
            order by enrolment_id, version desc
            on conflict (enrolment_id) do update
            set version = excluded.version, entered_on = excluded.entered_on
            where excluded.version > old.version
            returning guest_id
        )
        select distinct coalesce(merged_into, id) from told join guest on id = guest_id
    """
    return {guest_id for (guest_id,) in tx.execute(statement, {**chunk.columns, "day": list(days)})}


def save_offers(tx: Tx, chunk: Chunk, what: str) -> set[UUID]:
    """Whose offers changed, as the guests they are now. What happened first counts."""
    statement = """
        with new as (
            insert into offer_known (guest_id, offer, what, happened_at)
            select guest_id, offer, %(what)s, min(at)
            from unnest(%(guest_id)s::uuid[], %(offer)s::text[], %(occurred_at)s::timestamptz[])
                as t (guest_id, offer, at)
            group by guest_id, offer order by guest_id, offer
            on conflict do nothing
            returning guest_id
        )
        select distinct coalesce(merged_into, id) from new join guest on id = guest_id
    """
    return {guest_id for (guest_id,) in tx.execute(statement, {**chunk.columns, "what": what})}
