"""Today's messages by the hour of each hotel, and the journeys they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pygal
from flask_babel import gettext, ngettext
from markupsafe import Markup

from services.console.queries.home import Daily, SentCount
from shared.access.people import Hotel
from shared.localtime import local_date, local_instant, zone_named
from shared.web.charts import PLAIN, draw, spark
from shared.web.i18n.formatting import number

HOURS = range(24)
SPARK_DAYS = 30


@dataclass(frozen=True)
class HotelToday:
    """`sent`, `planned`: by local hour of the hotel's `day`."""

    hotel: Hotel
    day: date
    sent: list[int]
    planned: list[int]

    @property
    def is_empty(self) -> bool:
        return not any(self.sent) and not any(self.planned)

    @property
    def hours(self) -> list[tuple[int, int, int]]:
        """The hours in which anything was sent or is planned."""
        return [(hour, self.sent[hour], self.planned[hour]) for hour in HOURS if self.sent[hour] or self.planned[hour]]

    @property
    def words(self) -> str:
        sent, planned = sum(self.sent), sum(self.planned)
        left = ngettext("%(count)s message sent today", "%(count)s messages sent today", sent, count=number(sent))
        if not planned:
            return str(left)
        more = ngettext("%(count)s is planned", "%(count)s are planned", planned, count=number(planned))
        return str(gettext("%(left)s, %(more)s", left=left, more=more))

    @property
    def chart(self) -> Markup:
        top = max(sent + planned for sent, planned in zip(self.sent, self.planned, strict=True))
        chart = pygal.StackedBar(
            **{**PLAIN, "margin_top": 10, "truncate_label": -1},
            width=640,
            height=160,
            range=(0, top),
            y_labels=[0, top],
            value_formatter=lambda value: number(round(value)),
            x_labels_major_every=3,
            show_minor_x_labels=False,
        )
        chart.x_labels = [f"{hour}:00" for hour in HOURS]
        chart.add("", self.sent)
        chart.add("", self.planned)
        return draw(chart, f"{self.hotel.name}: {self.words}")


@dataclass(frozen=True)
class JourneyLine:
    key: str
    name: str
    entered: int | None
    waiting: int | None
    sent: int
    spark: Markup


def day_of(hotels: Sequence[Hotel], now: datetime) -> tuple[datetime, datetime]:
    """From the first hotel's midnight to the end of the last hotel's day."""
    days = [(local_date(now, hotel.zone), hotel.zone) for hotel in hotels]
    begins = [local_instant(day, time(0), zone) for day, zone in days]
    ends = [local_instant(day + timedelta(days=1), time(0), zone) for day, zone in days]
    return min(begins, default=now), max(ends, default=now)


def today_of(
    hotels: Sequence[Hotel], counts: Sequence[SentCount], planned: Mapping[str, Any], now: datetime
) -> list[HotelToday]:
    sent: dict[str, list[int]] = defaultdict(lambda: [0] * 24)
    zones = {hotel.code: hotel.zone for hotel in hotels}
    for one in counts:
        there = one.quarter.astimezone(zone_named(zones[one.property]))
        if there.date() == local_date(now, zones[one.property]):
            sent[one.property][there.hour] += one.messages
    return [
        HotelToday(hotel, local_date(now, hotel.zone), sent[hotel.code], _numbers(planned.get(hotel.code)))
        for hotel in hotels
    ]


def journeys_of(known: Sequence[Mapping[str, Any]], daily: Sequence[Daily], today: date) -> list[JourneyLine]:
    """`known`: from campaigns, or only keys where it does not answer."""
    counts: dict[str, dict[date, int]] = defaultdict(dict)
    for one in daily:
        counts[one.journey][one.day] = one.messages
    days = [today - timedelta(days=back) for back in range(SPARK_DAYS - 1, -1, -1)]
    return [_line(one, [counts[one["key"]].get(day, 0) for day in days]) for one in known]


def _line(known: Mapping[str, Any], days: list[int]) -> JourneyLine:
    sent = sum(days)
    label = ngettext("%(count)s message in 30 days", "%(count)s messages in 30 days", sent, count=number(sent))
    name = known.get("name") or known["key"]
    return JourneyLine(known["key"], name, known.get("entered"), known.get("waiting"), sent, spark(days, label))


def _numbers(values: Any) -> list[int]:
    return [int(value) for value in values] if isinstance(values, list) and len(values) == len(HOURS) else [0] * 24
