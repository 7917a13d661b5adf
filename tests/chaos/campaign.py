"""The campaign a fleet is put under fire for: one hotel, guests who left yesterday, a survey and two offers for each.

Half of the guests have an address, half a number; two thirds allow offers. The cap is one offer a guest, so of two the
second must be refused, whoever dies in between.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

from guestloop.composition.seed import Setup, apply_setup
from guestloop.composition.services import Group
from services.campaigns.commands.launch import launch
from services.campaigns.commands.publish import publish
from services.campaigns.schemas import validated
from services.segments.commands.hand_in import HandedIn, hand_in
from services.segments.commands.segments.lifecycle import use_segment
from services.segments.imports.files.table import Table
from shared.localtime import local_date

HOTEL, ZONE = "LIS", "Europe/Lisbon"
OFFERS = ("chaos-offer", "chaos-other-offer")
SURVEY = "chaos-survey"
SEGMENT = "reachable-by-email"
HEADER = """
reservation_no property status status_date booked_on arrival departure channel adr currency title first_name last_name
email phone language country marketing_email marketing_sms
"""


@dataclass(frozen=True)
class Invited:
    """One guest: how she is reached, and whether she allows offers there."""

    number: int
    channel: str
    to: str
    offers: bool


def guests(count: int) -> Iterator[Invited]:
    numbers = numbers_of_fiction()
    for number in range(count):
        offers = number % 3 != 0
        if number % 2 and (phone := next(numbers, None)):
            yield Invited(number, "sms", phone, offers)
        else:
            yield Invited(number, "email", f"guest{number}@mail.example.com", offers)


def numbers_of_fiction() -> Iterator[str]:
    """Ranges that no guest can have: France's, Portugal's and Britain's for films."""
    yield from (f"+336399{number:05}" for number in range(80000, 90000))
    yield from (f"+3519{digit}0000{number:03}" for digit, number in product("1236", range(1000)))
    yield from (f"+447700900{number:03}" for number in range(1000))


def open_for_business(group: Group, at: datetime, *, offers_at: str = "checked_out") -> None:
    """The hotel and its journeys, launched long enough ago; nothing of it is said yet. `offers_at`: the status a stay
    reaches for its guest to get them."""
    apply_setup(group, Setup.for_export([HOTEL], {}), at)
    with group.database("campaigns").transaction() as tx:
        for document in (_journey(SURVEY, "feedback", "post-stay-survey"), *(_offer(key, offers_at) for key in OFFERS)):
            publish(tx, validated(document), at, "chaos")
            launch(tx, document["key"], at=at, by="chaos")
    with group.database("segments").transaction() as tx:
        use_segment(tx, SEGMENT, at)


def _offer(key: str, status: str) -> dict[str, Any]:
    return _journey(key, "marketing", "win-back", status)


def _journey(key: str, purpose: str, template: str, status: str = "checked_out") -> dict[str, Any]:
    send = {"template": template, "channels": ["email", "sms"], "useful_for": {"days": 7}, "wants": []}
    return {
        "key": key,
        "name": key,
        "purpose": purpose,
        "priority": 10,
        "entry": {"stay": status},
        "steps": [{"key": "send", "send": send}],
    }


def write_files(
    folder: Path, everybody: list[Invited], files: int, now: datetime, *, left: timedelta = timedelta(days=1)
) -> list[Path]:
    """Their stays ended so long ago; negative: they are booked and will end."""
    folder.mkdir(exist_ok=True)
    paths = [folder / f"stays-{number:03}.csv" for number in range(files)]
    for number, path in enumerate(paths):
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, HEADER.split())
            writer.writeheader()
            writer.writerows(_row(guest, now, left) for guest in everybody[number::files])
    return paths


def _row(guest: Invited, now: datetime, left: timedelta) -> dict[str, str]:
    today = local_date(now, ZONE)
    departure = today - left
    is_over = departure < today
    booked_on = departure - timedelta(days=30) if is_over else today - timedelta(days=1)
    allowed = "Y" if guest.offers else "N"
    by_mail = guest.channel == "email"
    return {
        "reservation_no": f"{HOTEL}-{guest.number:06}",
        "property": HOTEL,
        "status": "checked_out" if is_over else "booked",
        "status_date": (departure if is_over else booked_on).isoformat(),
        "booked_on": booked_on.isoformat(),
        "arrival": (departure - timedelta(days=2)).isoformat(),
        "departure": departure.isoformat(),
        "channel": "Direct",
        "adr": "100",
        "currency": "EUR",
        "title": "Ms",
        "first_name": f"Ana{letters(guest.number)}",
        "last_name": f"Silva{letters(guest.number)}",
        "email": guest.to if by_mail else "",
        "phone": "" if by_mail else guest.to,
        "language": "en",
        "country": "",
        "marketing_email": allowed,
        "marketing_sms": allowed,
    }


def letters(number: int) -> str:
    """A name of her own, so that nobody is taken for somebody else."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number))


def hand_over(group: Group, path: Path, at: datetime) -> None:
    """The file waits for the role that imports; in its consent columns Y means that the guest said so herself."""
    file = HandedIn(path.name, str(path), Table(path).digest(), path.stat().st_size, "program", "chaos")
    with group.database("segments").transaction() as tx:
        hand_in(tx, file, "pms", {"yes": "express", "no": "refused"}, at, start=True)
