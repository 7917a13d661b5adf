"""What an address asks of the key figures, checked: a window, a hotel of the reader's, and a cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from flask import abort, request

from shared.access.people import Hotel
from shared.localtime import local_date, local_instant
from shared.vocabulary.window import ONE_DAY, Span, Window, a_year_before, days_between, window_of
from shared.web.access_control import my_hotels
from shared.web.pages.periods import hotel_shown, span_shown, window_shown, windows_offered
from shared.web.site import here

A_YEAR_OF_WEEKS = timedelta(weeks=52)
CUTS = ("", "market", "channel", "country", "segment")


@dataclass(frozen=True)
class Asked:
    """`hotel`: None for all hotels together, of somebody who sees all. `zone`: by whose hours days begin. `is_week`:
    the window is a week, in which guests are not counted; `span` says nothing then."""

    span: Span
    window: Window
    hotel: Hotel | None
    cut: str
    value: str
    zone: str
    is_week: bool = False

    @property
    def code(self) -> str:
        return self.hotel.code if self.hotel else ""

    @property
    def year_before(self) -> Window:
        """Of a week the one 52 weeks earlier, with the same days of the week."""
        if not self.is_week:
            return a_year_before(self.window)
        return Window(*(day - A_YEAR_OF_WEEKS for day in (self.window.first, self.window.until, self.window.before)))

    @property
    def previous(self) -> Window:
        if self.is_week:
            return days_between(self.window.before, self.window.first - ONE_DAY)
        return window_of(self.span, self.window.before)

    def instants(self, window: Window) -> tuple[datetime, datetime]:
        """Between which a window lies, by the hotel's hours; of all hotels by those of the first."""
        return local_instant(window.first, time(0), self.zone), local_instant(window.until, time(0), self.zone)

    def query(self, **more: str) -> str:
        """For an address that asks for the same."""
        values = {"hotel": self.code, "span": str(self.span), "first": self.window.first.isoformat()}
        values |= {"cut": self.cut, "value": self.value} if self.cut else {}
        return urlencode({**values, **more})


def asked() -> Asked:
    hotel, span = hotel_shown(), span_shown(Span.MONTH)
    window = window_shown(span, local_date(here().now(), _zone(hotel)))
    cut = request.args.get("cut", "")
    if cut not in CUTS:
        abort(404)
    return Asked(span, window, hotel, cut, request.args.get("value", "")[:200] if cut else "", _zone(hotel))


def offered(one: Asked) -> list[Window]:
    """Windows to choose from, the newest first."""
    return windows_offered(one.span, local_date(here().now(), one.zone), one.window)


def _zone(hotel: Hotel | None) -> str:
    first = hotel or next(iter(my_hotels()), None)
    return first.zone if first else "UTC"
