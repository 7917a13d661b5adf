"""What an address asks of the key figures, checked: a window, a hotel of the reader's, and a cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from urllib.parse import urlencode

from flask import abort, request

from shared.access.people import Hotel
from shared.localtime import local_date, local_instant
from shared.vocabulary.window import Span, Window, a_year_before
from shared.web.access_control import my_hotels
from shared.web.pages.periods import hotel_shown, span_shown, window_shown, windows_offered
from shared.web.site import here

CUTS = ("", "market", "channel", "country", "segment")


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
    hotel, span = hotel_shown(), span_shown(Span.MONTH)
    window = window_shown(span, local_date(here().now(), _zone(hotel)))
    cut = request.args.get("cut", "")
    if cut not in CUTS:
        abort(404)
    return Asked(span, window, hotel, cut, request.args.get("value", "")[:200] if cut else "")


def offered(one: Asked) -> list[Window]:
    """Windows to choose from, the newest first."""
    return windows_offered(one.span, local_date(here().now(), one.zone), one.window)


def _zone(hotel: Hotel | None) -> str:
    first = hotel or next(iter(my_hotels()), None)
    return first.zone if first else "UTC"
