"""The group's reservations: about two thousand guests, arrivals from two years ago (or longer) to ten weeks ahead."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

from guestloop.generated.export import HEADER, Row, row_of
from guestloop.generated.names import BY_LANGUAGE
from guestloop.generated.people import Person, make_person, make_relative
from guestloop.generated.stays import PlannedStay, plan_stay
from shared.private_files import write_private

GUESTS = 2000
BEFORE, AHEAD = timedelta(days=730), timedelta(days=70)
# Whom each house is home to, of a hundred. Few countries, so that few local midnights are played.
AT_HOME = {
    "LIS": {"PRT": 44, "GBR": 14, "ESP": 13, "FRA": 11, "DEU": 11, "IRL": 3, "CHN": 4},
    "SHA": {"CHN": 88, "GBR": 4, "DEU": 4, "FRA": 4},
}
SHARE_OF_LISBON = 0.62
IN_PINYIN = 0.3
YUAN = 7.8  # of one euro: a room's price, not a rate of exchange
COMPANIES = {
    "LIS": (
        *("Tejo Cargo", "Alfama Filmes", "Baixa Seguros", "Norte Têxteis", "Ribeira Software", "Sado Vinhos"),
        *("Ericeira Boards", "Mondego Studio"),
    ),
    "SHA": (
        *("浦江航运", "苏河软件", "Yulan Textiles", "外滩咨询", "Suzhou Creek Films", "静园广告", "Plum Rain Trading"),
        "长乐建筑",
    ),
}
HOW_OFTEN = {1: 52, 2: 24, 3: 12, 4: 7, 6: 5}


def write_rows(path: Path, today: date, *, guests: int = GUESTS, seed: int = 7, before: timedelta = BEFORE) -> None:
    """What comes to pass in the group around `today`, in booking order; the first arrivals lie `before` it. The same
    day and seed write the same bytes."""
    with write_private(path, newline="") as file:
        writer = csv.DictWriter(file, HEADER.split(","), lineterminator="\n")
        writer.writeheader()
        writer.writerows(make_rows(today, guests=guests, seed=seed, before=before))


def make_rows(today: date, *, guests: int, seed: int, before: timedelta = BEFORE) -> list[Row]:
    chance = Random(seed)
    stays = [pair for number in range(1, guests + 1) for pair in _guest(chance, number, today, before)]
    numbers = chance.sample(range(len(stays) * 2), len(stays))
    rows = [_row(chance, person, stay, number) for (person, stay), number in zip(stays, numbers, strict=True)]
    return sorted(rows, key=lambda row: (row["booked_on"], row["reservation_no"]))


def _guest(chance: Random, number: int, today: date, before: timedelta) -> Iterator[tuple[Person, PlannedStay]]:
    home = "LIS" if chance.random() < SHARE_OF_LISBON else "SHA"
    person = _at_home(chance, number, home)
    stays = list(_stays(chance, home, today, before))
    yield from ((person, stay) for stay in stays)
    if chance.random() < 0.1:
        relative = _named_like(person, make_relative(person, chance, number), chance)
        yield from ((relative, stay) for stay in stays[:1])


def _at_home(chance: Random, number: int, home: str) -> Person:
    countries = AT_HOME[home]
    wanted = chance.choices(list(countries), list(countries.values()))[0]
    while (person := make_person(chance, number)).country != wanted:
        pass
    if wanted == "CHN":
        person = _in_one_script(chance, person, chance.random() < IN_PINYIN)
    return replace(person, mail_allowed=chance.random() < 0.72)


def _in_one_script(chance: Random, person: Person, in_pinyin: bool) -> Person:
    """A Chinese name is written in characters or in pinyin, not half and half."""
    names = BY_LANGUAGE["zh"]
    given = [name for name in names.women + names.men if name.isascii() is in_pinyin]
    family = [name for name in names.family if name.isascii() is in_pinyin]
    return replace(person, given=chance.choice(given), family=chance.choice(family))


def _named_like(person: Person, relative: Person, chance: Random) -> Person:
    if person.country != "CHN":
        return relative
    return replace(_in_one_script(chance, relative, person.family.isascii()), family=person.family)


def _stays(chance: Random, home: str, today: date, before: timedelta) -> Iterator[PlannedStay]:
    span = (before + AHEAD).days
    arrival = today - before + timedelta(chance.randrange(span))
    for _ in range(chance.choices(list(HOW_OFTEN), list(HOW_OFTEN.values()))[0]):
        if arrival > today + AHEAD:
            return
        where = home if chance.random() < 0.93 else ("SHA" if home == "LIS" else "LIS")
        stay = plan_stay(chance, where, arrival)
        yield stay
        arrival = stay.departure + timedelta(chance.randrange(30, 300))


def _row(chance: Random, person: Person, stay: PlannedStay, number: int) -> Row:
    row = row_of(chance, person, stay, number)
    rate = abs(float(row["adr"])) * (YUAN if stay.property == "SHA" else 1)
    nights = (stay.departure - stay.arrival).days
    currency = "CNY" if stay.property == "SHA" else "EUR"
    written = {**row, "adr": f"{rate:.2f}", "room_revenue": f"{rate * nights:.2f}", "currency": currency}
    if not person.family.isascii() and person.language == "zh":  # nobody abbreviates a character
        written |= {"first_name": person.given, "last_name": person.family}
    if row["company"] != "NULL":  # some send more guests than others
        companies = COMPANIES[stay.property]
        written["company"] = companies[int(row["company"]) % 11 % len(companies)]
    return written
