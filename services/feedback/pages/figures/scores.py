"""The net promoter score of each hotel, now and over twelve months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pygal
from babel import dates
from flask_babel import gettext
from markupsafe import Markup

from services.feedback.pages import spans
from services.feedback.queries import answers as queries
from services.feedback.queries.heard import topics
from services.feedback.rules.nps import Nps
from shared.access.people import Hotel
from shared.database.pool import Tx
from shared.web.charts import PLAIN, draw
from shared.web.i18n.languages import locale

DRAWN_FROM = 10  # a month with fewer answers gets no bar


@dataclass(frozen=True, kw_only=True)
class Month:
    """`asked`, `answered`: of the guests whose last stay ended in it."""

    first: date
    nps: Nps
    asked: int
    answered: int


@dataclass(frozen=True, kw_only=True)
class HotelFigures:
    hotel: Hotel
    nps: Nps
    months: Sequence[Month]
    languages: Sequence[tuple[str, Nps]]
    reach: queries.Reach

    @property
    def has_bars(self) -> bool:
        return any(month.nps.n >= DRAWN_FROM for month in self.months)

    def chart(self) -> Markup:
        """A bar a month, from 0 up or down; months with too few answers have none."""
        chart = pygal.Bar(
            **{**PLAIN, "margin": 8},
            width=560,
            height=180,
            range=(-100, 100),
            y_labels=[-100, -50, 0, 50, 100],
        )
        chart.x_labels = [month_name(month.first) for month in self.months]
        chart.add("NPS", [one.nps.score if one.nps.n >= DRAWN_FROM else None for one in self.months])
        return draw(chart, gettext("NPS of %(hotel)s by month", hotel=self.hotel.name))


def month_name(month: date) -> str:
    return str(dates.format_skeleton("MMM", month, locale=locale()))


def nps_by_hotel(tx: Tx, hotels: Sequence[Hotel], now: datetime, days: int) -> dict[str, Nps]:
    """By code; a hotel without answers has zeros."""
    found = queries.voices_since(tx, {hotel.code: spans.last_days(hotel, now, days)[0] for hotel in hotels})
    counted = {one.property: Nps(one.promoters, one.passives, one.detractors) for one in found}
    return {hotel.code: counted.get(hotel.code, Nps(0, 0, 0)) for hotel in hotels}


def figures(tx: Tx, hotels: Sequence[Hotel], now: datetime, days: int) -> list[HotelFigures]:
    months = {hotel.code: spans.months(hotel, now) for hotel in hotels}
    by_month = _by_month(tx, months)
    nps = nps_by_hotel(tx, hotels, now, days)
    first = {hotel.code: spans.last_days(hotel, now, days)[0] for hotel in hotels}
    since = {hotel.code: spans.window(hotel, now, days)[0] for hotel in hotels}
    reach = {one.property: one for one in queries.reach(tx, since, first)}
    reached = {(one.property, one.place): one for one in topics.reach_by_month(tx, months)}
    languages = topics.by_language(tx, first)
    return [
        HotelFigures(
            hotel=hotel,
            nps=nps[hotel.code],
            months=[
                _month(month, by_month.get((hotel.code, place)), reached.get((hotel.code, place)))
                for place, month in enumerate(months[hotel.code])
            ],
            languages=[
                (one.language, Nps(one.promoters, one.passives, one.detractors))
                for one in languages
                if one.property == hotel.code
            ],
            reach=reach.get(hotel.code, queries.Reach(property=hotel.code, left=0, asked=0, answered=0)),
        )
        for hotel in hotels
    ]


def _month(first: date, nps: Nps | None, reached: topics.MonthReached | None) -> Month:
    asked, answered = (reached.asked, reached.answered) if reached else (0, 0)
    return Month(first=first, nps=nps or Nps(0, 0, 0), asked=asked, answered=answered)


def _by_month(tx: Tx, months: Mapping[str, Sequence[date]]) -> dict[tuple[str, int], Nps]:
    found = queries.voices_by_month(tx, months)
    return {(one.property, one.place): Nps(one.promoters, one.passives, one.detractors) for one in found}
