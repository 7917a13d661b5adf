"""Write the generated export: a flat PMS file in booking order, with everything that is wrong with real ones.

Names in other spellings and case, initials, lost accents, typing errors, swapped fields, masked OTA aliases, agencies'
addresses, phones the national way or missing, nights that are none, rates that cannot be, countries nobody knows, two
formats of dates. The same seed writes the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

from guestloop.generated.people import Person, make_person, make_relative, plain
from guestloop.generated.stays import PlannedStay, plan_stays

HEADER = (
    "reservation_no,property,status,status_date,booked_on,arrival,departure,room_type,rate_plan,"
    "adults,children,babies,channel,market_segment,agent,company,adr,room_revenue,"
    "currency,special_requests,title,first_name,last_name,email,phone,birth_date,language,"
    "country,loyalty_tier,marketing_email,marketing_sms"
)
Row = dict[str, str]


def write_export(path: Path, *, rows: int = 5000, seed: int = 1, from_year: int = 2015, to_year: int = 2016) -> None:
    """Write `rows` reservations whose arrivals lie in those years; a path ending in .gz is compressed."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADER.split(","), lineterminator="\n")
    writer.writeheader()
    writer.writerows(make_rows(rows=rows, seed=seed, from_year=from_year, to_year=to_year))
    body = text.getvalue().encode()
    path.write_bytes(gzip.compress(body, mtime=0) if path.suffix == ".gz" else body)


def make_rows(*, rows: int, seed: int, from_year: int, to_year: int) -> list[Row]:
    """The rows in booking order."""
    chance = Random(seed)
    made = _people_and_stays(chance, date(from_year, 1, 1), date(to_year, 12, 31))
    pairs = [pair for pair, _ in zip(made, range(rows), strict=False)]
    numbers = chance.sample(range(rows * 2), rows)
    written = [row_of(chance, person, stay, number) for (person, stay), number in zip(pairs, numbers, strict=True)]
    return sorted(written, key=lambda row: (row["booked_on"], row["reservation_no"]))


def _people_and_stays(chance: Random, first: date, last: date) -> Iterator[tuple[Person, PlannedStay]]:
    number = 0
    while True:
        number += 1
        person = make_person(chance, number)
        stays = list(plan_stays(chance, first, last))
        yield from ((person, stay) for stay in stays)
        if chance.random() < 0.12:
            together = chance.random() < 0.5
            relative = make_relative(person, chance, number)
            yield from ((relative, stay) for stay in (stays if together else plan_stays(chance, first, last)))
        if chance.random() < 0.004:  # somebody who books for the whole office, from one address and one telephone
            for _ in range(9):
                colleague = _booked_for(make_person(chance, number), person)
                yield from ((colleague, stay) for stay in plan_stays(chance, first, last))


def _booked_for(guest: Person, booker: Person) -> Person:
    return Person(**{**vars(guest), "email": booker.email, "phone": booker.phone})


def row_of(chance: Random, person: Person, stay: PlannedStay, number: int) -> Row:
    """A reservation as a front desk types it."""
    channel, segment, agent = _sold_through(chance)
    given, family = _as_typed(chance, person)
    rate = _rate(chance)
    nights = (stay.departure - stay.arrival).days
    return {
        "reservation_no": f"{stay.property}-{number:06}",
        "property": stay.property,
        "status": stay.status,
        "status_date": f"{stay.status_date.month}/{stay.status_date.day}/{stay.status_date.year}",
        "booked_on": stay.booked_on.isoformat(),
        "arrival": stay.arrival.isoformat(),
        "departure": stay.departure.isoformat(),
        "room_type": chance.choice("AAAADDEFG"),
        "rate_plan": chance.choice(("BB", "BB", "BB", "HB", "SC", "Undefined")),
        "adults": str(chance.choice((1, 2, 2, 2, 3, 0))),
        "children": "NA" if chance.random() < 0.005 else str(chance.choices((0, 1, 2), (92, 5, 3))[0]),
        "babies": str(int(chance.random() < 0.01)),
        "channel": channel,
        "market_segment": segment,
        "agent": agent,
        "company": str(chance.randrange(20, 400)) if channel == "Corporate" else "NULL",
        "adr": f"{rate:g}",
        "room_revenue": f"{rate * nights:.2f}",
        "currency": "EUR",
        "special_requests": str(chance.choice((0, 0, 0, 1, 2))),
        "title": person.title,
        "first_name": given,
        "last_name": family,
        "email": _email_as_typed(chance, person, segment, agent),
        "phone": _phone_as_typed(chance, person),
        "birth_date": person.birth_date.isoformat() if person.birth_date and chance.random() < 0.9 else "",
        "language": person.language,
        "country": "" if chance.random() < 0.01 else person.country,
        "loyalty_tier": person.tier,
        "marketing_email": _yes_or_no(chance, person.mail_allowed, person),
        "marketing_sms": _yes_or_no(chance, person.sms_allowed, person),
    }


def _sold_through(chance: Random) -> tuple[str, str, str]:
    kind = chance.random()
    if kind < 0.45:
        return "TA/TO", "Online TA", chance.choice(("9", "240", "1"))
    if kind < 0.6:
        return "TA/TO", "Offline TA/TO", str(chance.randrange(2, 60))
    if kind < 0.7:
        return "TA/TO", "Groups", str(chance.randrange(2, 20))
    if kind < 0.78:
        return "Corporate", "Corporate", "NULL"
    return ("Undefined", "Undefined", "NULL") if kind > 0.998 else ("Direct", "Direct", "NULL")


def _as_typed(chance: Random, person: Person) -> tuple[str, str]:
    given, family = person.given, person.family
    kind = chance.random()
    if kind < 0.07:
        return f"{given[0]}.", family
    if kind < 0.11:
        return given.upper(), family.upper()
    if kind < 0.12:
        return given.lower(), family.lower()
    if kind < 0.18:
        return plain(given), plain(family)
    if kind < 0.2:
        return family, given
    if kind < 0.215 and len(family) > 3:
        return given, family[:2] + family[3:]  # a letter lost
    if kind < 0.22:
        return given.replace("-", " "), family.replace("'", "’")
    if kind < 0.225:
        return f"Dr. {given}", family
    if kind < 0.3:
        return given.split(" ")[0], family.split(" ")[-1]
    return given, family


def _email_as_typed(chance: Random, person: Person, segment: str, agent: str) -> str:
    if segment == "Online TA" and chance.random() < 0.32:
        return f"{chance.getrandbits(52):013x}@guest.booking.com"
    if segment in ("Offline TA/TO", "Groups") and chance.random() < 0.2:
        return f"reservations{agent}@agency.example.com"
    kind = chance.random()
    if not person.email or kind < 0.04:
        return ""
    if kind < 0.08:
        return " " + person.email
    return person.email.capitalize() if kind < 0.12 else person.email


def _phone_as_typed(chance: Random, person: Person) -> str:
    phone = person.phone
    if not phone or chance.random() < 0.1:
        return ""
    if chance.random() < 0.6:
        return phone
    code, rest = phone.split(" ", 1)
    match code:
        case "+1":
            area, exchange, line = rest.split(" ")
            return f"({area}) {exchange}-{line}"
        case "+351":
            return rest
        case _:
            return f"0{rest}"


def _yes_or_no(chance: Random, allowed: bool, person: Person) -> str:
    answer = not allowed if person.changes_mind and chance.random() < 0.4 else allowed
    return "Y" if answer else "N"


def _rate(chance: Random) -> float:
    kind = chance.random()
    if kind < 0.02:
        return 0.0
    if kind < 0.022:
        return -6.38
    return 5400.0 if kind > 0.999 else round(chance.lognormvariate(4.5, 0.4), 2)
