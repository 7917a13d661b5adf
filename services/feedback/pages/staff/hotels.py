"""The hotel that a page of the staff is about."""

from __future__ import annotations

from flask import request

from services.feedback.queries import guests
from shared.access.people import Hotel, May, Person
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.web.access_control import chosen_hotel, my_hotels


class NoHotel(NotFound):
    """There is no such hotel here, or none has been entered yet."""


def the_hotel(code: str | None = None) -> Hotel:
    """The one of that code; without one the one chosen in the corner, else the first of this person's. Raises
    `NoHotel` for one that is not theirs."""
    mine = {hotel.code: hotel for hotel in my_hotels()}
    found = mine.get(code) if code else chosen_hotel() or next(iter(mine.values()), None)
    if found is None:
        raise NoHotel()
    return found


def hotel_or_none() -> Hotel | None:
    """Where no hotel has been entered yet, none."""
    return asked_hotel() if my_hotels() else None


def asked_hotel() -> Hotel:
    """By the form or the address."""
    return the_hotel(request.form.get("hotel") or request.args.get("of") or None)


def zone_of(code: str | None) -> str | None:
    """None where it is none of this person's hotels."""
    return next((one.zone for one in my_hotels() if one.code == code), None)


def staff_of(tx: Tx, hotel: str) -> list[Person]:
    """Who looks after that hotel's guests, by name."""
    return [one for one in guests.staff(tx) if one.may(May.CARE) and one.sees(hotel)]
