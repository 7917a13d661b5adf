"""The wide row of facts a guest, kept current in sets from guests, stays, contact points and consents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from services.segments.facts.sql import COMPANIONS, PARTY, WEEKDAY
from services.segments.store.evaluation.conduct import CONDUCT, HAS_CONDUCT, received_sql, written_sql
from services.segments.store.evaluation.full_runs import Range
from services.segments.store.evaluation.statement import BEFORE_ALL, array
from shared.database.pool import Tx
from shared.vocabulary.channel import Channel


class Located(NamedTuple):
    guest_id: UUID
    zone: str
    next_sweep: datetime | None  # of the zone; None where it is new


def lock_guests(tx: Tx, guests: Sequence[UUID]) -> list[Located]:
    """Locks guests, so that one transaction at a time evaluates each, and returns where they live."""
    rows = tx.execute(
        """
        select g.id, g.home_zone, z.next_at
        from guest g left join zone_sweep z on z.zone = g.home_zone
        where g.id = any(%(guests)s::uuid[])
        order by g.id
        for no key update of g
        """,
        {"guests": array(guests)},
    )
    return [Located(*row) for row in rows.fetchall()]


def lock_free(tx: Tx, within: Range) -> tuple[str, str]:
    """Locks those of a range whom nobody works on, without waiting for the others, and returns both: arrays as
    PostgreSQL writes them. Whoever waits for guests with guests in hand, waits in a circle one day."""
    if within.guests:
        return lock_free_of(tx, within.guests)
    return _free_and_left(tx, "id > %(after)s and id <= %(upto)s", {"after": within.after, "upto": within.upto})


def lock_free_of(tx: Tx, guests: str) -> tuple[str, str]:
    """The same of these guests, an array as PostgreSQL writes it."""
    return _free_and_left(tx, "id = any(%(guests)s::uuid[])", {"guests": guests})


def _free_and_left(tx: Tx, whose: str, values: Mapping[str, object]) -> tuple[str, str]:
    row = tx.execute(LOCK_FREE.format(whose=whose), values).fetchone()
    assert row is not None, "a query without a table returns a row"
    return row[0], row[1]


LOCK_FREE = """
    with known as materialized (select id from guest where {whose}),
    free as materialized (select id from guest where {whose} order by id for no key update skip locked)
    select (select coalesce(array_agg(id), '{{}}') from free)::text,
        (
            select coalesce(array_agg(id), '{{}}') from known
            where not exists (select from free where free.id = known.id)
        )::text
"""


def refresh_facts(tx: Tx, guests: Sequence[UUID]) -> None:
    """Brings these guests' facts up to date; who was erased or merged away keeps none."""
    tx.connection.execute(REFRESH, {"guests": array(guests)}, prepare=True)


COLUMNS = """
    guest_id, home_zone, title, language, country, region, home_property, tier, tags, do_not_contact,
    birth_date, birth_md, birth_year,
    email_consent, email_until, email_personal, sms_consent, sms_until, sms_personal,
    whatsapp_consent, whatsapp_until, whatsapp_personal,
    stays, nights, spend, mean_spend, bookings, in_house, cancellations, no_shows, next_arrival_on,
    last_checkout_on, last_stay_id, last_reservation, last_property, last_channel, last_room_type,
    last_market_segment, last_lead_days, in_no_audience, offers_held, offers_used, offers_referred,
    email_delivered_on, email_bounced_on, email_complained_on, email_arrives,
    sms_delivered_on, sms_bounced_on, sms_complained_on, sms_arrives,
    whatsapp_delivered_on, whatsapp_bounced_on, whatsapp_complained_on, whatsapp_arrives,
    email_written_on, email_clicked_on, sms_written_on, sms_clicked_on, whatsapp_written_on, whatsapp_clicked_on,
    last_nights, last_rate_plan, last_company, last_party, last_weekday, points,
    last_answer_on, last_score, answers, open_cases, last_case_closed_on, journeys, lists, last_praised,
    last_criticised,
    lunar_md, first_arrival_on, first_arrival_md, journeys_entered, last_entered_on,
    entered_days, last_companions
"""
NAMES = [name.strip() for name in COLUMNS.split(",")]


def consent_sql(channel: Channel) -> str:
    """Its state, until when, and whether there is somebody's own contact point for it."""
    until = f"case when l.{channel} is null then c.{channel}_until end"
    return f"coalesce(l.{channel}, c.{channel}), {until}, coalesce(o.{channel}, false)"


def claims_sql(channel: Channel) -> str:
    here = f"filter (where channel = '{channel}')"
    return f"max(state) {here} as {channel}, max(expires_on) {here} as {channel}_until"


# A year of birth before 1901 is a placeholder: it makes a birthday, but no age.
# Spent in all is in the reporting currency; spent a stay, in the currency of the last stay's hotel, over stays in
# hotels of that currency. An amount for which no rate is known is left out of both.
# What was offered to somebody who was merged into a guest, was offered to the guest.
# A consent in messaging's ledger overrides what a source claimed.
# All that is known of a guest is looked up guest by guest: the plan is as good for thousands as for one, though it was
# made when the tables were empty. Of most guests a source knows stays, addresses and claims, and nobody here knows more
# (`has_conduct`): nothing is added up where there is nothing.
REFRESH = f"""
    with asked as materialized (
        select g.*, {HAS_CONDUCT} as has_conduct from guest g where g.id = any(%(guests)s::uuid[])
    ),
    gone as (
        delete from guest_facts
        where guest_id = any(array(select id from asked where merged_into is not null or erased_at is not null))
    )
    insert into guest_facts ({COLUMNS})
    select g.id, g.home_zone, g.title, g.language, g.country, g.region, g.home_property, g.tier, g.tags,
        g.do_not_contact,
        g.birth_date,
        extract(month from g.birth_date)::int * 100 + extract(day from g.birth_date)::int,
        case when g.birth_date >= '1901-01-01' then extract(year from g.birth_date)::int end,
        {", ".join(map(consent_sql, Channel))},
        coalesce(s.stays, 0), coalesce(s.nights, 0), coalesce(s.spend, 0),
        round(coalesce(s.like_last, 0) / nullif(s.stays_like_last, 0), 2),
        coalesce(s.bookings, 0), coalesce(s.in_house, 0), coalesce(s.cancellations, 0), coalesce(s.no_shows, 0),
        s.next_arrival_on,
        e.checked_out_on, e.id, e.reservation, e.property, e.channel, e.room_type, e.market_segment, e.lead_days,
        cardinality(g.rights) > 0,
        coalesce(v.held, '{{}}'), coalesce(v.used, '{{}}'), coalesce(v.referred, '{{}}'),
        {", ".join(map(received_sql, Channel))},
        {", ".join(map(written_sql, Channel))},
        e.nights, e.rate_plan, e.company, {PARTY.format(of="e")}, {WEEKDAY.format(of="e")}, y.points,
        w.answered_on, w.score, coalesce(w.answers, 0), coalesce(k.open, '{{}}'), k.closed_on,
        coalesce(r.journeys, '{{}}'), coalesce(i.lists, '{{}}'),
        coalesce(t.praised, '{{}}'), coalesce(t.criticised, '{{}}'),
        lunar_md(g.birth_date), s.first_arrival_on,
        extract(month from s.first_arrival_on)::int * 100 + extract(day from s.first_arrival_on)::int,
        coalesce(j.entered, '{{}}'), j.entered_on, j.entered_days, {COMPANIONS.format(of="e")}
    from asked g
    left join lateral (
        select * from (select * from stay where guest_id = g.id offset 0) as own_stays
        where status = 'checked_out' and not muted
        order by checked_out_on desc, checked_out_at desc, reservation desc, id desc limit 1
    ) as e on true
    cross join lateral (
        select count(*) filter (where counts) as stays,
            sum(nights) filter (where counts) as nights,
            sum(reported) filter (where counts) as spend,
            sum(amount) filter (where counts and amount_currency is not distinct from e.amount_currency) as like_last,
            count(*) filter (
                where counts and amount_currency is not distinct from e.amount_currency
                    and (amount is not null or revenue is null)
            ) as stays_like_last,
            count(*) filter (where status = 'booked') as bookings,
            count(*) filter (where status = 'checked_in') as in_house,
            count(*) filter (where status = 'cancelled') as cancellations,
            count(*) filter (where status = 'no_show') as no_shows,
            min(arrival) filter (where status = 'booked') as next_arrival_on,
            min(arrival) filter (where counts) as first_arrival_on
        from (
            select *, status = 'checked_out' and not muted as counts from stay where guest_id = g.id offset 0
        ) as own_stays
    ) as s
    cross join lateral (
        select {", ".join(f"bool_or(gp.channel = '{each.kept_as}') as {each}" for each in Channel)}
        from (select * from guest_point where guest_id = g.id offset 0) gp
        join contact_point cp on cp.point = gp.point and cp.kind = 'personal'
    ) as o
    cross join lateral (
        select {", ".join(map(claims_sql, Channel))}
        from consent_claim where guest_id = g.id
    ) as c
    {CONDUCT}
    where g.merged_into is null and g.erased_at is null
    order by g.id
    on conflict (guest_id) do update set {", ".join(f"{name} = excluded.{name}" for name in NAMES[1:])}
    where ({", ".join(f"guest_facts.{name}" for name in NAMES[1:])})
        is distinct from ({", ".join(f"excluded.{name}" for name in NAMES[1:])})
"""


def guests_after(tx: Tx, after: UUID | None, most: int) -> list[UUID]:
    """The next guests by id, to walk over all of them."""
    rows = tx.execute(
        "select id from guest where id > %(after)s::uuid order by id limit %(most)s",
        {"after": after or BEFORE_ALL, "most": most},
    )
    return [guest for (guest,) in rows.fetchall()]
