"""What an address asks of the key figures, checked: a window, a hotel of the reader's, and a cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlencode

from flask import abort, request

from shared.access.people import Hotel
from shared.localtime import local_date, local_instant
from shared.vocabulary.window import Span, Window, a_year_before, last_windows, window_of
from shared.web.access_control import chosen_hotel, my_hotels, scope
from shared.web.site import here

CUTS = ("", "market", "channel", "country", "segment")
OFFERED = {Span.MONTH: 25, Span.QUARTER: 13, Span.YEAR: 6}
"""How many windows can be chosen, up to the present one."""


@dataclass(frozen=True)
class Asked:
    """`hotel`: None for all hotels together, of somebody who sees all."""

    span: Span
    window: Window
    hotel: Hotel | None
    cut: str
    value: str

    @property
    def code(self) -> str:
        return self.hotel.code if self.hotel else ""

    @property
    def year_before(self) -> Window:
        return a_year_before(self.window)

    @property
    def zone(self) -> str:
        return _zone(self.hotel)

    def instants(self, window: Window) -> tuple[datetime, datetime]:
        """Between which a window lies, by the hotel's hours; of all hotels by those of the first."""
        return local_instant(window.first, time(0), self.zone), local_instant(window.until, time(0), self.zone)

    def query(self, **more: str) -> str:
        """For an address that asks for the same."""
        values = {"hotel": self.code, "span": str(self.span), "first": self.window.first.isoformat()}
        values |= {"cut": self.cut, "value": self.value} if self.cut else {}
        return urlencode({**values, **more})


def asked() -> Asked:
    hotel = hotel_asked()
    today = local_date(here().now(), _zone(hotel))
    try:
        span = Span(request.args.get("span", Span.MONTH))
        given = request.args.get("first", "")
        window = window_of(span, date.fromisoformat(given)) if given else last_windows(span, today, 2)[0]
    except ValueError:
        abort(404)
    cut = request.args.get("cut", "")
    if cut not in CUTS or window.first > today:
        abort(404)
    return Asked(span, window, hotel, cut, request.args.get("value", "")[:200] if cut else "")


def hotel_asked() -> Hotel | None:
    """Whoever sees some hotels and chose none sees the first: guests of several are not the sum of their guests."""
    if (chosen := chosen_hotel()) or scope().everywhere:
        return chosen
    return next(iter(my_hotels()), None) or abort(404)


def offered(one: Asked) -> list[Window]:
    """Windows to choose from, the newest first, with the one that is shown."""
    today = local_date(here().now(), one.zone)
    found = last_windows(one.span, today, OFFERED[one.span])[::-1]
    return found if one.window in found else [*found, one.window]


def _zone(hotel: Hotel | None) -> str:
    first = hotel or next(iter(my_hotels()), None)
    return first.zone if first else "UTC"
