"""The rows of the export, each with the instants at which the issue says things happened."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

from tests.oracle.places import ALPHA_2, PROPERTY_ZONE, instant

BOOKED, CANCELLED, CHECKED_OUT, CHECKED_IN, NO_SHOW = range(5)  # in the order they take at one instant


@dataclass(frozen=True)
class Row:
    number: str
    property: str
    status: str
    booked_on: date
    arrival: date
    departure: date  # as booked
    status_date: date
    given: str
    family: str
    email: str
    phone: str
    birth_date: date | None
    language: str
    country: str | None  # alpha-2
    mail: bool
    sms: bool
    booked_at: datetime
    checked_in_at: datetime | None
    checked_out_at: datetime | None
    ended_at: datetime | None  # cancelled or no-show

    def order(self) -> tuple[date, str]:
        return self.booked_on, self.number

    def happenings(self) -> list[tuple[datetime, int]]:
        found = [(self.booked_at, BOOKED)]
        if self.checked_in_at and self.checked_out_at:
            found += [(self.checked_in_at, CHECKED_IN), (self.checked_out_at, CHECKED_OUT)]
        if self.ended_at:
            found.append((self.ended_at, CANCELLED if self.status == "cancelled" else NO_SHOW))
        return found

    def status_at(self, at: datetime) -> str:
        if self.booked_at > at:
            return "unknown"
        if self.checked_out_at and self.checked_out_at <= at:
            return "checked_out"
        if self.checked_in_at and self.checked_in_at <= at:
            return "checked_in"
        return self.status if self.ended_at and self.ended_at <= at else "booked"

    def departure_at(self, at: datetime) -> date:
        """The day of the actual check-out once it is known, else as booked."""
        return self.status_date if self.status_at(at) == "checked_out" else self.departure


def read_rows(path: Path) -> list[Row]:
    body = path.read_bytes()
    text = (gzip.decompress(body) if path.suffix == ".gz" else body).decode("utf-8-sig")
    return [_row(row) for row in csv.DictReader(io.StringIO(text, newline=""))]


@cache
def hour(day: date, of: int) -> datetime:
    return instant(day, time(of), PROPERTY_ZONE)


def _row(row: dict[str, str]) -> Row:
    status, ended = row["status"], _month_day_year(row["status_date"])
    arrival = date.fromisoformat(row["arrival"])
    out = status == "checked_out"
    return Row(
        number=row["reservation_no"],
        property=row["property"],
        status=status,
        booked_on=date.fromisoformat(row["booked_on"]),
        arrival=arrival,
        departure=date.fromisoformat(row["departure"]),
        status_date=ended,
        given=row["first_name"],
        family=row["last_name"],
        email=row["email"],
        phone=row["phone"],
        birth_date=date.fromisoformat(row["birth_date"]) if row["birth_date"] else None,
        language=row["language"],
        country=ALPHA_2.get(row["country"]),
        mail=row["marketing_email"] == "Y",
        sms=row["marketing_sms"] == "Y",
        booked_at=hour(date.fromisoformat(row["booked_on"]), 6),
        checked_in_at=hour(arrival, 11 if ended == arrival else 15) if out else None,
        checked_out_at=hour(ended, 12) if out else None,
        ended_at=None if out else hour(ended, 6 if status == "cancelled" else 23),
    )


def _month_day_year(text: str) -> date:
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)
