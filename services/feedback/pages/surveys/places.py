"""Whose survey a page is about: one hotel's, or that of every hotel without one of its own."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from services.feedback.pages.staff.hotels import the_hotel
from services.feedback.store.surveys.questionnaires import EVERY_HOTEL
from shared.errors import NotFound
from shared.web.access_control import me

EVERY = "-"
"""As an address names it."""


class NotYours(NotFound):
    """The survey of every hotel is written by those who see every hotel."""


@dataclass(frozen=True)
class Place:
    """`code`: as it is stored; `key`: as addresses have it."""

    code: str
    name: str

    @property
    def key(self) -> str:
        return self.code or EVERY

    @property
    def path(self) -> str:
        return f"/feedback/surveys/{self.key}"


def place_named(key: str, *, to_write: bool = False) -> Place:
    """One of this person's. Raises `NoHotel`, `NotYours`."""
    if key == EVERY:
        if to_write and not me().scope.everywhere:
            raise NotYours()
        return every_hotel()
    hotel = the_hotel(key)
    return Place(hotel.code, hotel.name)


def every_hotel() -> Place:
    return Place(EVERY_HOTEL, gettext("Every hotel without its own"))
