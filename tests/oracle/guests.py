"""What is known of a guest at an instant, by the reservations booked until then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tests.oracle.contacts import Crowds, email_kind, email_of, gets_texts, phone_of
from tests.oracle.export import Row
from tests.oracle.places import PROPERTY_COUNTRY, PROPERTY_ZONE, all_zones, home_zone

LANGUAGES = {"en": "en", "zh": "zh-Hans", "pt": "pt", "es": "es", "fr": "fr", "de": "de"}


@dataclass(frozen=True)
class Place:
    """Where a guest is: `zones` are all those she may be in, the likeliest first."""

    country: str | None
    zones: tuple[str, ...]


@dataclass
class Guest:
    id: str
    rows: list[Row]  # in booking order
    crowds: Crowds

    def known(self, at: datetime) -> list[Row]:
        """Her reservations booked until `at`, the latest first."""
        return [row for row in reversed(self.rows) if row.booked_at <= at]

    def birth_date(self, at: datetime) -> date | None:
        return next((row.birth_date for row in self.known(at) if row.birth_date), None)

    def country(self, at: datetime) -> str | None:
        return next((row.country for row in self.known(at) if row.country), None)

    def language(self, at: datetime) -> str:
        said = next((row.language for row in self.known(at) if row.language), "en")
        return LANGUAGES.get(said, "en")

    def zone(self, at: datetime) -> str:
        return home_zone(self.country(at))

    def allows(self, channel: str, at: datetime) -> bool:
        latest = self.known(at)[0]
        return latest.mail if channel == "email" else latest.sms

    def personal_point(self, channel: str, at: datetime) -> str | None:
        """Her own address or number said last, passing over those that too many share."""
        for row in self.known(at):
            point = email_of(row) if channel == "email" else phone_of(row)
            if not point or self.crowds.crowded(point, at):
                continue
            if gets_texts(point) if channel == "sms" else email_kind(point) == "personal":
                return point
        return None

    def has_masked(self, at: datetime) -> bool:
        return any(email_kind(email_of(row)) == "masked" for row in self.known(at))

    def in_house(self, at: datetime) -> bool:
        return any(row.status_at(at) == "checked_in" for row in self.known(at))

    def place(self, at: datetime) -> Place:
        """At the property from check-in until a day after check-out has passed, else at home."""
        for row in self.known(at):
            left = row.checked_out_at
            if row.status_at(at) == "checked_in" or (left and left <= at <= left + timedelta(hours=24)):
                return Place(PROPERTY_COUNTRY, (PROPERTY_ZONE,))
        country = self.country(at)
        home = self.zone(at)
        return Place(country, (home, *(zone for zone in all_zones(country) if zone != home)))
