"""A guest's profile, and how each field is decided: by the latest row that fills it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from services.segments.rules.people.contacts import StatedRow
from services.segments.rules.people.names import Name, compatible, fuller
from services.segments.rules.places import home_zone
from shared.rows import row
from shared.vocabulary.couples import names_two

FIELDS = ("title", "birth_date", "language", "country", "tier")
JOURNEYS_TIER = "journeys_tier"
"""Under which name `said` keeps the mark of a journey's last word on the tier."""
PLACEHOLDER_YEAR = 1905  # no guest is born earlier; 1900-01-01 and its like stand for «not asked»
PLACEHOLDERS = frozenset({date(1970, 1, 1), date(1911, 11, 11), date(2000, 1, 1)})


@row
class Guest:
    """A guest's row. `said`: by which mark (`mark_of`) a field was decided. `heard`: of the fields that people
    corrected, what sources state. `also_known`: given and family name and birth date of all who became the guest by
    merges. `since`: of the row that created the guest.
    """

    id: UUID
    version: int
    title: str | None
    given_name: str
    family_name: str
    birth_date: date | None
    language: str | None
    country: str | None
    home_zone: str
    home_property: str | None
    tier: str | None
    first_said_at: datetime
    first_reservation: str
    said: dict[str, list[str]]
    heard: dict[str, Any] | None = None
    also_known: list[list[str | None]] | None = None

    @property
    def name(self) -> Name:
        return Name(self.given_name, self.family_name)

    @property
    def names(self) -> tuple[Name, ...]:
        """The guest's name; where it was corrected, also the one that sources still state; those of the merged."""
        merged = tuple(Name(given or "", family or "") for given, family, _ in self.also_known or ())
        if not self.heard or "given_name" not in self.heard:
            return self.name, *merged
        return self.name, Name(self.heard["given_name"], self.heard["family_name"]), *merged

    @property
    def birth_dates(self) -> tuple[date | None, ...]:
        """The guest's birth date; where it was corrected, also what sources still state; those of the merged."""
        merged = tuple(_read("birth_date", born) for *_, born in self.also_known or () if born)
        if not self.heard or "birth_date" not in self.heard:
            return self.birth_date, *merged
        return self.birth_date, _read("birth_date", self.heard["birth_date"]), *merged

    @property
    def is_couple(self) -> bool:
        """Two people under one name: what is theirs is nobody's alone."""
        return names_two(self.given_name, self.family_name, self.title)

    @property
    def since(self) -> tuple[datetime, str, UUID]:
        return self.first_said_at, self.first_reservation, self.id


def mark_of(row: StatedRow, said_at: datetime) -> list[str]:
    """By what a row decides a field, the greater one the later: a number alone is several hotels'."""
    return [_written(said_at), row.reservation, f"{row.property} {row.source}"]


def guest_of(row: StatedRow, said_at: datetime, zone: str, guest_id: UUID | None = None) -> Guest:
    """The guest whom a row makes; every field it fills is decided by it. `zone`: the row's property's. `guest_id`:
    where the row's number made another guest before.
    """
    mark = mark_of(row, said_at)
    filled = [field for field in FIELDS if getattr(row, field) is not None]
    return Guest(
        id=guest_id or row.key().guest_id(),
        version=1,
        title=row.title,
        given_name=row.given_name,
        family_name=row.family_name,
        birth_date=row.birth_date,
        language=row.language,
        country=row.country,
        home_zone=home_zone(row.country, zone),
        home_property=row.property,
        tier=row.tier,
        first_said_at=said_at,
        first_reservation=row.reservation,
        said=dict.fromkeys((*filled, "home_property", "name"), mark),
    )


def updated_by(guest: Guest, row: StatedRow, said_at: datetime, zone: str) -> Guest:
    """The guest after another row of theirs. `zone`: the row's property's.

    The greatest mark (`mark_of`) that fills a field decides it; a name gives way to a fuller one only. What
    people corrected stands: there the row decides what the sources state beside it.
    """
    if not guest.heard:
        return _updated(guest, row, said_at, zone)
    return _still_corrected(guest, _updated(as_heard(guest), row, said_at, zone))


def as_heard(guest: Guest) -> Guest:
    """The guest as sources state them."""
    return replace(guest, heard=None, **{column: _read(column, value) for column, value in (guest.heard or {}).items()})


def with_tier(guest: Guest, tier: str | None) -> Guest:
    """The guest with the tier that their loyalty programme tells: it stands before what sources state."""
    heard = dict(guest.heard or {})
    heard.setdefault("tier", guest.tier)
    return replace(guest, tier=tier, heard=heard)


def without_tier(guest: Guest) -> Guest:
    """The guest with the tier that sources state."""
    heard = dict(guest.heard or {})
    return replace(guest, tier=heard.pop("tier", guest.tier), heard=heard or None)


def by_journey(guest: Guest, tier: str | None, mark: list[str]) -> Guest:
    """The guest with the tier that a journey gives: it stands before what sources state. None: what they state counts
    again. `mark`: the greater one is the later word."""
    if mark <= guest.said.get(JOURNEYS_TIER, []):
        return guest
    said = {**guest.said, JOURNEYS_TIER: mark}
    return replace(without_tier(guest) if tier is None else with_tier(guest, tier), said=said)


def _still_corrected(guest: Guest, stated: Guest) -> Guest:
    columns = (guest.heard or {}).keys()
    heard = {column: written(getattr(stated, column)) for column in columns}
    kept = {column: getattr(guest, column) for column in columns}
    if "home_zone" in kept:
        kept["home_zone"] = home_zone(guest.country, stated.home_zone)
    return replace(stated, heard=heard, **kept)


def written(value: str | date | None) -> str | None:
    """As `heard` keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def _read(column: str, value: str | None) -> Any:
    return date.fromisoformat(value) if column == "birth_date" and value else value


def _updated(guest: Guest, row: StatedRow, said_at: datetime, zone: str) -> Guest:
    mark = mark_of(row, said_at)
    fresh: dict[str, Any] = {
        field: value
        for field in FIELDS
        if (value := getattr(row, field)) is not None and mark >= guest.said.get(field, [])
    }
    marks = dict.fromkeys(fresh, mark)
    if mark >= guest.said.get("home_property", []):
        fresh["home_property"] = row.property
        country = fresh.get("country", guest.country)
        fresh["home_zone"] = home_zone(country, zone)
        marks["home_property"] = mark
    elif "country" in fresh:
        fresh["home_zone"] = home_zone(fresh["country"], guest.home_zone)
    if _better_name(guest, row, mark):
        fresh |= {"given_name": row.given_name, "family_name": row.family_name}
        marks["name"] = mark
    return replace(guest, said=guest.said | marks, **fresh)


_written = lru_cache(maxsize=20_000)(datetime.isoformat)  # the same few instants, row after row


def is_placeholder(birth_date: date) -> bool:
    """Whether a birth date is one that front desks type where none was given."""
    return birth_date.year < PLACEHOLDER_YEAR or birth_date in PLACEHOLDERS


def _better_name(guest: Guest, row: StatedRow, mark: list[str]) -> bool:
    name = Name(row.given_name, row.family_name)
    if name == guest.name or not (name.given or name.family):
        return False
    if guest.also_known and not compatible(name, guest.name):  # of somebody who was merged into the guest
        return False
    if fuller(name, guest.name):
        return True
    return not fuller(guest.name, name) and mark >= guest.said.get("name", [])
