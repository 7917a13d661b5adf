"""One invented person: what the hotel would know if every row were written with care."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from guestloop.generated.names import BY_LANGUAGE, HOMES, RARE_HOMES

MAIL_HOSTS = ("example.com", "example.org", "example.net", "mail.example.com", "post.example.org")
PLACEHOLDER = date(1900, 1, 1)
FEBRUARY_29 = tuple(date(year, 2, 29) for year in (1952, 1964, 1972, 1980, 1988, 1996))


@dataclass(frozen=True)
class Person:
    """`mail_allowed`, `sms_allowed`: the usual answer; `changes_mind`: some rows say otherwise."""

    title: str
    given: str
    family: str
    email: str
    phone: str  # international; rows may write it the national way
    birth_date: date | None
    language: str
    country: str
    tier: str
    mail_allowed: bool
    sms_allowed: bool
    changes_mind: bool


def make_person(chance: Random, number: int) -> Person:
    country, language = _home(chance)
    names = BY_LANGUAGE[language]
    woman = chance.random() < 0.5
    given = chance.choice(names.women if woman else names.men)
    family = chance.choice(names.family).replace("_", " ")
    if language in ("pt", "es") and chance.random() < 0.35:
        family += " " + chance.choice(names.family)
    if language == "pt" and chance.random() < 0.15:
        given += " " + chance.choice(names.women if woman else names.men)
    return Person(
        title="" if chance.random() < 0.04 else ("Ms" if woman else "Mr"),
        given=given,
        family=family,
        email=_address(given, family, number, chance) if chance.random() < 0.86 else "",
        phone=_phone(country, chance) if chance.random() < 0.6 else "",
        birth_date=_birth_date(chance) if chance.random() < 0.6 else None,
        language=language,
        country=country,
        tier=chance.choices(("", "silver", "gold", "platinum"), (88, 8, 3, 1))[0],
        mail_allowed=chance.random() < 0.62,
        sms_allowed=chance.random() < 0.3,
        changes_mind=chance.random() < 0.2,
    )


def make_relative(person: Person, chance: Random, number: int) -> Person:
    """Somebody of the same household: the same address or number, another given name, at times a child."""
    names = BY_LANGUAGE[person.language]
    child = chance.random() < 0.2
    other = make_person(chance, number)
    return replace(
        other,
        given=chance.choice(names.women + names.men),
        family=person.family,
        email=person.email,
        phone=person.phone,
        language=person.language,
        country=person.country,
        birth_date=date(2001, 1, 1) + timedelta(chance.randrange(4500)) if child else other.birth_date,
    )


def plain(text: str) -> str:
    """Without accents, the way a till or an old mainframe writes it."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _home(chance: Random) -> tuple[str, str]:
    if chance.random() < 0.03:
        return chance.choice(RARE_HOMES)
    home = chance.choices(HOMES, [weight for *_, weight in HOMES])[0]
    return home[0], home[1]


def _address(given: str, family: str, number: int, chance: Random) -> str:
    parts = [part for part in (_letters(given), _letters(family)) if part] or ["guest"]
    return f"{'.'.join(parts)}{number}@{chance.choice(MAIL_HOSTS)}"


def _letters(name: str) -> str:
    return "".join(letter for letter in plain(name.split(" ")[0]).lower() if letter.isascii() and letter.isalnum())


def _phone(country: str, chance: Random) -> str:
    """A number in a range set aside for fiction; other countries have none here."""
    if country in ("PRT", "AGO"):
        return f"+351 9{chance.choice('1236')}0 000 {chance.randrange(1000):03}"
    if country in ("GBR", "IRL"):
        return f"+44 7700 900{chance.randrange(1000):03}"
    if country in ("USA", "CAN", "CN"):
        area = chance.choice(("416", "604") if country != "USA" else ("212", "305", "415", "808"))
        return f"+1 {area} 555 01{chance.randrange(100):02}"
    if country == "FRA":
        return f"+33 6 39 98 {chance.randrange(100):02} {chance.randrange(100):02}"
    if country == "AUS":
        return f"+61 491 570 {chance.choice(('006', '110', '156', '157', '158', '159'))}"
    return ""


def _birth_date(chance: Random) -> date:
    kind = chance.random()
    if kind < 0.025:
        return PLACEHOLDER
    if kind < 0.06:
        return chance.choice(FEBRUARY_29)
    if kind < 0.09:
        return date(1998, 1, 1) + timedelta(chance.randrange(1500))  # comes of age in these years, or has not yet
    return date(1941, 1, 1) + timedelta(chance.randrange(20_000))
