"""Guests and stays put straight into the tables, for tests of what rules make of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import psycopg

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.facts.families.lunar import lunar_md
from services.segments.facts.guest_view import PredictionView
from shared.database.pool import Tx
from shared.ids import make_id
from shared.localtime import local_instant

BORN = datetime(2010, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    name: str
    zone: str = "Europe/Lisbon"
    birth_date: date | None = None
    language: str | None = "en"
    country: str | None = "PT"
    region: str | None = None
    tier: str | None = None
    tags: tuple[str, ...] = ()
    do_not_contact: str | None = None
    title: str | None = None
    home_property: str | None = None
    points: tuple[tuple[str, str], ...] = ()  # (channel, kind)
    consents: tuple[tuple[str, str, date | None], ...] = ()  # (channel, state, until)
    offers: frozenset[tuple[str, str]] = frozenset()  # (offer, given | redeemed | referred)
    receipts: tuple[tuple[str, str, date], ...] = ()  # (channel, delivered | … | sent | clicked, on), of one message
    answers: tuple[tuple[date, int], ...] = ()  # (on, score)
    praised: frozenset[str] = frozenset()  # in each of the answers
    cases: tuple[tuple[str, bool, date], ...] = ()  # (kind, whether it is open, on)
    loyalty_points: int | None = None
    lists: tuple[str, ...] = ()
    entered: tuple[tuple[str, date], ...] = ()  # (journey, on)
    prediction: PredictionView | None = None
    house_days: Mapping[str, date] = field(default_factory=dict)  # «jubilee»: lunar; all but one come again

    @property
    def id(self) -> UUID:
        return make_id("guest", self.name)


@dataclass(frozen=True)
class Converted:
    """What a stay's revenue comes to; None where no rate is known. `currency`: the hotel's, if it is another."""

    amount: Decimal | None
    reported: Decimal | None
    currency: str | None


@dataclass(frozen=True)
class Stayed:
    guest: str
    reservation: str
    arrival: date
    nights: int = 2
    status: str = "checked_out"
    house: str = "LIS"
    channel: str = "Direct"
    room_type: str = "A"
    market_segment: str = "Direct"
    revenue: Decimal = field(default=Decimal(100))
    converted: Converted | None = None
    lead_days: int = 10
    muted: bool = False
    zone: str = "Europe/Lisbon"
    rate_plan: str | None = None
    company: str | None = None
    adults: int | None = None
    children: int | None = None
    companions: tuple[str, ...] = ()

    @property
    def id(self) -> UUID:
        return make_id("stay", "test", self.house, self.reservation)

    @property
    def amount(self) -> Decimal | None:
        return self.converted.amount if self.converted else self.revenue

    @property
    def reported(self) -> Decimal | None:
        return self.converted.reported if self.converted else self.revenue

    @property
    def departure(self) -> date:
        return self.arrival + timedelta(days=self.nights)


def enter(tx: Tx, people: Sequence[Person], stays: Sequence[Stayed] = ()) -> None:
    """Guests and stays as a source would have left them; said again, they replace what stood there."""
    enter_people(tx, people)
    ids = [stay.id for stay in stays]
    tx.execute("delete from stay where id = any(%s)", [ids])
    with tx.connection.cursor() as cursor:
        cursor.executemany(STAY, [row_of(stay) for stay in stays])


def enter_people(tx: Tx, people: Sequence[Person]) -> None:
    with tx.connection.cursor() as cursor:
        cursor.executemany(
            """
            insert into guest (id, version, title, given_name, family_name, birth_date, language, country, region,
                home_zone, home_property, tier, tags, do_not_contact, first_said_at, first_reservation, created_at,
                changed_at)
            values (%s, 1, %s, %s, 'Test', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, 'R', %s, %s)
            on conflict (id) do update set birth_date = excluded.birth_date, home_zone = excluded.home_zone,
                tier = excluded.tier, tags = excluded.tags, do_not_contact = excluded.do_not_contact
            """,
            [
                (
                    *(p.id, p.title, p.name, p.birth_date, p.language, p.country, p.region, p.zone, p.home_property),
                    *(p.tier, list(p.tags), p.do_not_contact, BORN, BORN, BORN),
                )
                for p in people
            ],
        )
        cursor.executemany(
            """
            with point as (
                insert into contact_point (point, channel, address_sealed, kind)
                values (%(point)s, %(channel)s, 'sealed:', %(kind)s) on conflict do nothing
            )
            insert into guest_point (guest_id, point, channel, said_at, source_ref)
            values (%(guest)s, %(point)s, %(channel)s, %(at)s, 'R') on conflict do nothing
            """,
            [
                {"point": f"{p.name} {channel} {kind}", "channel": channel, "kind": kind, "guest": p.id, "at": BORN}
                for p in people
                for channel, kind in p.points
            ],
        )
        cursor.executemany(
            """
            insert into consent_claim (guest_id, channel, state, said_at, source_ref, expires_on)
            values (%s, %s, %s, %s, 'R', %s)
            on conflict (guest_id, channel) do update set state = excluded.state, expires_on = excluded.expires_on
            """,
            [(p.id, channel, state, BORN, until) for p in people for channel, state, until in p.consents],
        )
        cursor.executemany(
            "insert into offer_known values (%s, %s, %s, %s) on conflict do nothing",
            [(p.id, offer, what, BORN) for p in people for offer, what in p.offers],
        )
        for kind in ("delivered", "bounced", "complained"):
            cursor.executemany(
                f"""
                insert into message_known
                    (message_id, version, guest_id, journey, purpose, channel, state, occurred_at, {kind}_at, {kind}_on)
                values (%s, 1, %s, 'win-back', 'marketing', %s, 'sent', %s, %s, %s) on conflict do nothing
                """,
                [
                    (make_id("message", p.name, str(place)), p.id, channel, BORN, noon(on, p.zone), on)
                    for p in people
                    for place, (channel, what, on) in enumerate(p.receipts)
                    if what == kind
                ],
            )
        enter_conduct(cursor, people)


def enter_conduct(cursor: psycopg.Cursor[Any], people: Sequence[Person]) -> None:
    cursor.executemany(
        """
        insert into message_known
            (message_id, version, guest_id, journey, purpose, channel, state, occurred_at, sent_on, clicked_on)
        values (%s, 1, %s, 'win-back', 'marketing', %s, %s, %s, %s, %s) on conflict do nothing
        """,
        [
            (
                *(make_id("message", p.name, str(place)), p.id, channel, "sent" if what == "sent" else "held", BORN),
                *(on if what == "sent" else None, on if what == "clicked" else None),
            )
            for p in people
            for place, (channel, what, on) in enumerate(p.receipts)
            if what in ("sent", "clicked")
        ],
    )
    cursor.executemany(
        "insert into journey_entered values (%s, 1, %s, %s, %s, %s) on conflict do nothing",
        [
            (make_id("entered", p.name, str(place)), p.id, journey, noon(on, p.zone), on)
            for p in people
            for place, (journey, on) in enumerate(p.entered)
        ],
    )
    cursor.executemany(
        """
        insert into answer_known (answer_id, version, guest_id, score, answered_at, answered_on)
        values (%s, 1, %s, %s, %s, %s) on conflict do nothing
        """,
        [
            (make_id("answer", p.name, f"{place:03}"), p.id, score, noon(on, p.zone) + timedelta(seconds=place), on)
            for p in people
            for place, (on, score) in enumerate(p.answers)
        ],
    )
    cursor.executemany(
        """
        insert into answer_topics (answer_id, version, guest_id, praised, criticised)
        values (%s, 1, %s, %s, '{}') on conflict do nothing
        """,
        [
            (make_id("answer", p.name, f"{place:03}"), p.id, sorted(p.praised))
            for p in people
            for place in range(len(p.answers))
        ],
    )
    cursor.executemany(
        """
        insert into case_known (case_id, version, guest_id, kind, open, occurred_at, occurred_on)
        values (%s, 1, %s, %s, %s, %s, %s) on conflict do nothing
        """,
        [
            (make_id("case", p.name, str(place)), p.id, kind, is_open, noon(on, p.zone), on)
            for p in people
            for place, (kind, is_open, on) in enumerate(p.cases)
        ],
    )
    cursor.executemany(
        """
        insert into loyalty (id, guest_id, points, as_of, told_at, told_by) values (%s, %s, %s, %s, %s, 'test')
        on conflict do nothing
        """,
        [
            (make_id("loyalty", p.name), p.id, p.loyalty_points, BORN, BORN)
            for p in people
            if p.loyalty_points is not None
        ],
    )
    cursor.executemany(
        """
        insert into guest_list (key, name, origin, created_at, created_by) values (%s, %s, 'file', %s, 'test')
        on conflict do nothing
        """,
        [(key, key, BORN) for p in people for key in p.lists],
    )
    cursor.executemany(
        "insert into guest_list_member values (%s, %s) on conflict do nothing",
        [(key, p.id) for p in people for key in p.lists],
    )
    cursor.executemany(
        "insert into guest_prediction values (%s, %s, 'LIS', %s, %s, %s, %s) on conflict do nothing",
        [
            (p.id, BORN, p.prediction.alive, p.prediction.visits, p.prediction.worth, p.prediction.month)
            for p in people
            if p.prediction
        ],
    )
    days = [(p.id, key, day) for p in people for key, day in p.house_days.items()]
    cursor.executemany(
        "insert into house_date values (%s, %s, %s, null, 'Marta', %s, null, %s) on conflict do nothing",
        [(key, key, key != "membership-ends", BORN, key == "jubilee") for _, key, _ in days],
    )
    cursor.executemany(
        "insert into guest_date values (%s, %s, %s, %s, true, %s, 'Marta', %s) on conflict do nothing",
        [(who, key, day, md_of(key, day), BORN, lunar_md(day) if key == "jubilee" else None) for who, key, day in days],
    )


def md_of(key: str, day: date) -> int | None:
    return day.month * 100 + day.day if key == "wedding" else None


STAY = """
    insert into stay (id, version, source, property, reservation, guest_id, zone, status, booked_on, booked_at, arrival,
        departure, nights, checked_in_at, checked_out_at, checked_out_on, ended_at, ended_on, channel, market_segment,
        room_type, revenue, lead_days, muted, row_hash, changed_at, is_converted, converted_amount, converted_reported,
        amount_currency, rate_plan, company, adults, children, companions)
    values (%s, 1, 'test', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, '', %s,
        %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def row_of(stay: Stayed) -> tuple[Any, ...]:
    booked_on = stay.arrival - timedelta(days=stay.lead_days)
    inside = stay.status in ("checked_in", "checked_out")
    out = stay.departure if stay.status == "checked_out" else None
    ended = stay.arrival if stay.status in ("cancelled", "no_show") else None
    return (
        *(stay.id, stay.house, stay.reservation, make_id("guest", stay.guest), stay.zone, stay.status),
        *(booked_on, noon(booked_on, stay.zone), stay.arrival, stay.departure, stay.nights),
        *(noon(stay.arrival, stay.zone) if inside else None, noon(out, stay.zone) if out else None, out),
        *(noon(ended, stay.zone) if ended else None, ended),
        *(stay.channel, stay.market_segment, stay.room_type, stay.revenue, stay.lead_days, stay.muted, BORN),
        *(stay.converted is not None, stay.amount, stay.reported, stay.converted.currency if stay.converted else None),
        *(stay.rate_plan, stay.company, stay.adults, stay.children, "\n".join(stay.companions) or None),
    )


def noon(day: date, zone: str) -> datetime:
    return local_instant(day, time(12), zone)


def move(tx: Tx, names: Sequence[str], at: datetime, what: str = "stay.changed") -> None:
    because = {"kind": "stay", "what": what}
    evaluate_moved(tx, [Moved(make_id("guest", name), because) for name in names], at)


def said(tx: Tx) -> list[dict[str, Any]]:
    """Every audience change in the outbox, in order, one dictionary a subject."""

    bodies = tx.execute("select body from outbox where type = 'audience.changed.v1' order by id").fetchall()
    chunks = [json.loads(bytes(body)) for (body,) in bodies]
    return [dict(zip(chunk, row, strict=True)) for chunk in chunks for row in zip(*chunk.values(), strict=True)]
