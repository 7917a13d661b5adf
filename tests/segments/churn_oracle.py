"""Who was lost, and how loyal guests are, worked out guest by guest from the raw rows."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from shared.database.pool import Database
from tests.segments.figures_oracle import Raw, RawStay, beginnings, complained

Key = tuple[str, str, str]
"""Hotel (empty: all), trait and value."""
AGES = ((65, "65"), (55, "55"), (45, "45"), (35, "35"), (25, "25"), (18, "18"), (0, "0"))
NIGHTS = ((8, "8"), (5, "5"), (3, "3"), (2, "2"), (1, "1"), (0, "0"))
LEADS = ((91, "91"), (31, "31"), (8, "8"), (2, "2"), (0, "0"))
VISITS = ((10, "10"), (5, "5"), (3, "3"), (2, "2"), (1, "1"))


def band(number: int, bands: tuple[tuple[int, str], ...]) -> str:
    return next((name for least, name in bands if number >= least), "")


def churn(database: Database, raw: Raw, before: date, first: date, until: date) -> dict[Key, tuple[int, int]]:
    with database.transaction() as tx:
        people = {
            guest: (born, region or "")
            for guest, born, region in tx.execute("select id, birth_date, region from guest").fetchall()
        }
        leads = dict(tx.execute("select id, lead_days from stay").fetchall())
    counts: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for hotel in {"", *(one.property for one in raw.stays)}:
        here = [one for one in raw.stays if hotel in ("", one.property)]
        then = [one for one in here if before <= one.left < first]
        now = {one.guest_id for one in here if first <= one.left < until}
        known = {one.guest_id for one in here if one.left < before}
        angry, quarters = complained(raw, hotel, before, first), quarters_of(then, hotel)
        for guest, last in {one.guest_id: one for one in sorted(then, key=in_order)}.items():
            born, region = people[guest]
            traits = {
                "": "",
                "channel": last.channel,
                "market": last.market,
                "country": raw.countries[guest],
                "region": region,
                "age": band(age_on(first, born), AGES) if born else "",
                "spend": quarters.get(guest, ""),
                "nights": band(last.nights, NIGHTS),
                "lead": band(max(leads[last.id], 0), LEADS),
                "visit": "again" if guest in known else "first",
                "complained": "yes" if guest in angry else "no",
                "email": "yes" if "email" in raw.reach.get(guest, ()) else "no",
            }
            for trait, value in traits.items():
                counts[hotel, trait, value][0] += 1
                counts[hotel, trait, value][1] += guest not in now
    return {key: (guests, lost) for key, (guests, lost) in counts.items()}


def in_order(one: RawStay) -> tuple[date, date, UUID]:
    return one.left, one.arrival, one.id


def age_on(day: date, born: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def quarters_of(stays: list[RawStay], hotel: str) -> dict[UUID, str]:
    """Of whom a spend is known: in which quarter of them they are, by how many spent less."""
    spent: dict[UUID, Decimal] = {}
    for one in stays:
        amount = one.amount if hotel else one.reported
        if amount is not None:
            spent[one.guest_id] = spent.get(one.guest_id, Decimal(0)) + amount
    if len(spent) == 1:
        return dict.fromkeys(spent, "1")
    ranks = sorted(spent.values())
    below = {guest: bisect_left(ranks, own) for guest, own in spent.items()}
    return {guest: str(min(4 * less // (len(spent) - 1) + 1, 4)) for guest, less in below.items()}


def loyalty(database: Database, raw: Raw) -> dict[Key, dict[str, Any]]:
    begins = beginnings(raw.stays)
    with database.transaction() as tx:
        tiers = dict(tx.execute("select id, coalesce(tier, '') from guest").fetchall())
    lines: dict[Key, dict[str, Any]] = {}
    for hotel in {"", *(one.property for one in raw.stays)}:
        of_guest: dict[UUID, list[RawStay]] = defaultdict(list)
        for one in raw.stays:
            if hotel in ("", one.property):
                of_guest[one.guest_id].append(one)
        for guest, theirs in of_guest.items():
            visits = sum(one.id in begins for one in theirs)
            amounts = [one.amount if hotel else one.reported for one in theirs]
            for by, value in (("visits", band(visits, VISITS)), ("tier", tiers[guest])):
                nothing = {"guests": 0, "visits": 0, "nights": 0, "spend": Decimal(0), "unpriced": 0}
                line = lines.setdefault((hotel, by, value), nothing)
                line["guests"] += 1
                line["visits"] += visits
                line["nights"] += sum(one.nights for one in theirs)
                line["spend"] += sum((one for one in amounts if one is not None), Decimal(0))
                line["unpriced"] += sum(one is None for one in amounts)
    return lines
