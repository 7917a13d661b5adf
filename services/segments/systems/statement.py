"""A reservation as another system states it, and the row that a file would have given of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.segments.rules.reservations import Reservation
from services.segments.rules.systems import Untold
from services.segments.rules.written.row_days import settle_days
from services.segments.schemas.whole_rows import contradictions
from services.segments.systems.values import NotRead
from shared.localtime import local_date
from shared.naming import plain_name
from shared.vocabulary.stay import StayStatus

LONGEST_NUMBER = 100


@dataclass(frozen=True)
class Statement:
    """`hotel`: by the system's own number. `stated_at`: as of when. `values`: fields of `Reservation`; days may be
    instants. `status_date` is that of the status; without it a booking's is its own day, any other's that of the stay.
    `in_hotels_money`: amounts are in the hotel's currency, which it never names. `untold`: what it says nothing of
    though it usually does, each of `rules.systems.Untold`.
    """

    hotel: str
    reservation: str
    stated_at: datetime
    values: Mapping[str, Any]
    in_hotels_money: bool = False
    untold: Sequence[Untold] = ()


def row_of(stated: Statement, source: str, hotel: str, zone: str) -> Reservation:
    """`hotel`: our code of it. Raises `NotRead` with the field and the reason."""
    values: dict[str, Any] = {"birth_date": None, **stated.values}
    if len(stated.reservation) > LONGEST_NUMBER:
        raise NotRead("reservation: too_long")
    for name in ("given_name", "family_name"):
        values[name] = plain_name(values.get(name) or "").strip()
    if values.get("status_date") is None:
        values["status_date"] = _day_of_status(values)
    booked_from_walk_in(values, zone)
    settle_days(values, zone)
    if values.get("currency") is None and not stated.in_hotels_money:
        values["rate"] = values["revenue"] = None  # an amount of no known money
    if problems := contradictions(values):
        raise NotRead("; ".join(f"{field}: {reason}" for field, reason in problems.items()))
    return Reservation(source=source, property=hotel, reservation=stated.reservation, **values)


def _day_of_status(values: Mapping[str, Any]) -> date | datetime:
    found: date | datetime
    match values["status"]:
        case StayStatus.BOOKED | StayStatus.CANCELLED:
            found = values["booked_on"]
        case StayStatus.CHECKED_OUT:
            found = values["departure"]
        case _:
            found = values["arrival"]
    return found


def booked_from_walk_in(values: dict[str, Any], zone: str) -> None:
    """Whoever is entered after they came (a walk-in, a day that was entered later) was booked on arrival."""
    booked, arrival = (_day(values[name], zone) for name in ("booked_on", "arrival"))
    if booked > arrival:
        values["booked_on"] = arrival


def _day(value: date | datetime, zone: str) -> date:
    return local_date(value, zone) if isinstance(value, datetime) else value
