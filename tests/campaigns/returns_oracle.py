"""What messages brought, from the raw rows of a made-up month: guest by guest, in loops."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.campaigns.rules.results import Group
from shared.database.pool import Database, Tx

SINCE, UNTIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
MONTH = timedelta(days=30)
JOURNEYS = {"spa": 14, "dinner": None, "late": 60}
"""Days of the goal; the first writes by e-mail alone."""
GUESTS, ENROLMENTS, STAYS = 260, 900, 700
CURRENCIES = {"LIS": "EUR", "SHA": "CNY"}
Told = dict[str, tuple[int, int, dict[str, Decimal]]]
"""By journey or channel: how many, of how many no amount is known, and the sums by currency."""


def fill(tx: Tx) -> None:
    """Guests of two hotels, some merged into another, some kept out, with stays before and after and cancelled ones."""
    chance = random.Random(7)
    tx.execute("set local session_replication_role = replica")
    for hotel, currency in CURRENCIES.items():
        tx.execute(
            "insert into property_known (code, version, name, zone, currency) values (%s, 1, %s, 'UTC', %s)",
            [hotel, hotel, currency],
        )
    for key, days in JOURNEYS.items():
        goal = f'{{"goal": {{"event": "stay.booked", "within_days": {days}}}}}' if days else "{}"
        tx.execute(
            "insert into journey (key, name, state, live_version, launched_at, launched_by, changed_at) "
            "values (%s, initcap(%s), 'live', 1, %s, 'Mia', %s)",
            [key, key, SINCE, SINCE],
        )
        tx.execute(
            "insert into journey_version (journey, version, document, published_at, published_by) "
            "values (%s, 1, %s::jsonb, %s, 'Mia')",
            [key, goal, SINCE],
        )
    for number in range(GUESTS):
        into = UUID(int=number - 1) if number % 9 == 1 else None
        tx.execute(
            "insert into guest_known (guest_id, version, zone, merged_into) values (%s, 1, 'UTC', %s)",
            [UUID(int=number), into],
        )
    for number in range(ENROLMENTS):
        _enrol(tx, number, chance)
    for number in range(STAYS):
        _stay(tx, number, chance)


def _enrol(tx: Tx, number: int, chance: random.Random) -> None:
    journey, guest = chance.choice(list(JOURNEYS)), UUID(int=chance.randrange(GUESTS))
    at = SINCE + timedelta(hours=chance.randrange(-24 * 20, 24 * 45))
    is_kept_out, stay = chance.random() < 0.25, UUID(int=10**6 + number) if number % 50 == 0 else None
    tx.execute(
        "insert into enrolment (id, journey, version, guest_id, occurrence, plan, step, state, lane, entered_at, zone, "
        "property, stay_id, data, changed_at) values (%s, %s, 1, %s, %s, 1, 'a', 'done', 'marketing', %s, 'UTC', "
        "%s, %s, '{}', %s)",
        [UUID(int=10**7 + number), journey, guest, str(number), at, chance.choice(("LIS", "SHA", None)), stay, at],
    )
    for step in range(chance.choice((1, 1, 2))):
        settled = at + timedelta(hours=2 + 50 * step)
        is_clicked = not is_kept_out and chance.random() < 0.4
        cost, currency = chance.choice(((None, None), ("0.05", "EUR"), ("0.4", "CNY")))
        tx.execute(
            "insert into message (id, enrolment_id, step, plan, due_at, requested_at, version, state, reason, "
            "settled_at, channel, cost, currency, clicked_at) values (%s, %s, %s, 1, %s, %s, 1, %s, %s, %s, %s, %s, "
            "%s, %s)",
            [
                *(UUID(int=10**8 + 10 * number + step), UUID(int=10**7 + number), str(step), at, at),
                *(("skipped", "holdout") if is_kept_out else ("sent", None)),
                settled,
                "email" if journey == "spa" else chance.choice(("email", "sms", "whatsapp")),
                *((None, None) if is_kept_out else (cost, currency)),
                settled + timedelta(minutes=chance.randrange(60, 6000)) if is_clicked else None,
            ],
        )


def _stay(tx: Tx, number: int, chance: random.Random) -> None:
    at = SINCE + timedelta(minutes=chance.randrange(-60 * 24 * 40, 60 * 24 * 90))
    guest = chance.choice([one for one in range(GUESTS) if one % 9 != 1])
    currency, revenue = chance.choice((("EUR", 100), ("", 70), ("CNY", 500), ("EUR", None)))
    tx.execute(
        "insert into stay_known (stay_id, version, guest_id, property, reservation, status, booked_at, zone, arrival, "
        "departure, revenue, currency) values (%s, 1, %s, %s, %s, %s, %s, 'UTC', '2026-09-01', '2026-09-03', %s, %s)",
        [
            *(UUID(int=10**6 + number), UUID(int=guest), chance.choice(("LIS", "SHA")), str(number)),
            *(chance.choice(("booked", "booked", "cancelled")), at, revenue, currency),
        ],
    )


def raw(database: Database, table: str) -> list[dict[str, Any]]:
    with database.transaction() as tx:
        found = tx.execute(f"select * from {table}")
        names = [one.name for one in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found]


@dataclass(frozen=True)
class Asked:
    """Of whom entered between these instants; `days`: of each journey's goal; `currencies`: of the hotels."""

    since: datetime = SINCE
    until: datetime = UNTIL
    days: Mapping[str, int | None] = field(default_factory=lambda: JOURNEYS)
    currencies: Mapping[str, str] = field(default_factory=lambda: CURRENCIES)


class Oracle:
    """`hotel`: None for all of them."""

    def __init__(self, database: Database, hotel: str | None, asked: Asked | None = None) -> None:
        self.asked = asked or Asked()
        into = {one["guest_id"]: one["merged_into"] or one["guest_id"] for one in raw(database, "guest_known")}
        stays = raw(database, "stay_known")
        enrolled = {one["id"]: {**one, "guest": into[one["guest_id"]]} for one in raw(database, "enrolment")}
        self.stays = [
            one for one in stays if one["status"] not in ("cancelled", "no_show") and hotel in (None, one["property"])
        ]
        self.messages = [{**one, "of": enrolled[one["enrolment_id"]]} for one in raw(database, "message")]
        lives = {(one["guest_id"], one["property"]) for one in stays}
        self.ours = {
            key
            for key, one in enrolled.items()
            if self.asked.since <= one["entered_at"] < self.asked.until
            and (hotel in (None, one["property"]) or (not one["property"] and (one["guest_id"], hotel) in lives))
        }

    def paid(self, by: str) -> Told:
        found: Told = {}
        for one in self.messages:
            if one["state"] == "sent" and one["enrolment_id"] in self.ours:
                _add(found, _key(one, by), one["cost"], one["currency"])
        return found

    def clicked(self, by: str, *, first: bool) -> Told:
        found: Told = {}
        for stay in self.stays:
            clicks = [
                one
                for one in self.messages
                if one["clicked_at"]
                and one["of"]["guest"] == stay["guest_id"]
                and one["clicked_at"] < stay["booked_at"] <= one["clicked_at"] + MONTH
            ]
            if clicks:
                at = (min if first else max)(one["clicked_at"] for one in clicks)
                chosen = min((one for one in clicks if one["clicked_at"] == at), key=lambda one: one["id"])
                if chosen["enrolment_id"] in self.ours:
                    currency = stay["currency"] or self.asked.currencies[stay["property"]]
                    _add(found, _key(chosen, by), stay["revenue"], currency)
        return found

    def compared(self) -> dict[str, tuple[Group, Group]]:
        judged: dict[str, list[tuple[datetime, UUID, Any, bool]]] = defaultdict(list)
        for key in self.ours:
            mine = [one for one in self.messages if one["enrolment_id"] == key and is_judged(one)]
            if not mine:
                continue
            sent = [one["settled_at"] for one in mine if one["state"] == "sent"]
            at = min(sent or [one["settled_at"] for one in mine])
            judged[mine[0]["of"]["journey"]].append((at, key, mine[0]["of"], not sent))
        return {journey: self._groups(ones, self.asked.days[journey] or 30) for journey, ones in judged.items()}

    def _groups(self, ones: list[tuple[datetime, UUID, Any, bool]], days: int) -> tuple[Group, Group]:
        booked: set[UUID] = set()
        for stay in self.stays:
            fit = [
                (at, key)
                for at, key, of, _ in ones
                if of["guest"] == stay["guest_id"]
                and at <= stay["booked_at"] < at + timedelta(days=days)
                and of["stay_id"] != stay["stay_id"]
            ]
            if fit:
                last = max(at for at, _ in fit)
                booked.add(min(key for at, key in fit if at == last))
        written, control = ({key for _, key, _, out in ones if out is kept} for kept in (False, True))
        return Group(len(written), len(booked & written)), Group(len(control), len(booked & control))


def is_judged(message: dict[str, Any]) -> bool:
    """Whether the guest was written to, or kept out to compare with."""
    return message["state"] == "sent" or (message["state"], message["reason"]) == ("skipped", "holdout")


def _key(message: dict[str, Any], by: str) -> str:
    return str(message["of"]["journey"] if by == "journey" else message["channel"] or "")


def _add(found: Told, key: str, amount: Decimal | None, currency: str | None) -> None:
    count, unknown, sums = found.get(key, (0, 0, {}))
    if amount:
        sums[currency or ""] = sums.get(currency or "", Decimal(0)) + amount
    found[key] = (count + 1, unknown + (amount is None), sums)
