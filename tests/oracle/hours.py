"""When a message may leave: the next permitted instant, walked to day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tests.oracle.guests import Place
from tests.oracle.places import instant, is_holiday, local

SMS_OPENS, SMS_CLOSES = time(10), time(17)
MAIL_OPENS, MAIL_CLOSES = time(8), time(21)
PLANNED = time(10)  # the hour of all three journeys
SUNDAY = 6


@dataclass(frozen=True)
class Hours:
    """What holds for one message: the clocks it is read by, the window, and whose holidays it keeps."""

    zones: tuple[str, ...]
    opens: time
    closes: time
    sundays: bool
    holidays: tuple[str | None, ...]

    def allows_day(self, day: date) -> bool:
        if not self.sundays and day.weekday() == SUNDAY:
            return False
        return not any(is_holiday(day, country) for country in self.holidays)

    def permits(self, at: datetime) -> bool:
        clocks = [local(at, zone) for zone in self.zones]
        return all(self.opens <= clock.time() < self.closes and self.allows_day(clock.date()) for clock in clocks)

    def next_permitted(self, at: datetime) -> datetime:
        """`at` where permitted, else the first day's planned hour, or the first instant that suits all clocks."""
        if self.permits(at):
            return at
        first = local(at, self.zones[0]).date()
        for day in (first + timedelta(days) for days in range(-1, 60)):
            planned = instant(day, PLANNED, self.zones[0])
            if planned >= at and self.permits(planned):
                return planned
            opening = max(instant(day, self.opens, zone) for zone in self.zones)
            if len(self.zones) > 1 and opening >= at and self.permits(opening):
                return opening
        return at + timedelta(days=365)  # in zones too far apart for any hour to suit


def text_hours(place: Place, property_country: str | None) -> Hours:
    return Hours(place.zones, SMS_OPENS, SMS_CLOSES, False, (place.country, property_country))


def marketing_mail_hours(place: Place, property_country: str | None) -> Hours:
    return Hours(place.zones[:1], MAIL_OPENS, MAIL_CLOSES, True, (place.country, property_country))


def property_hours(zone: str) -> Hours:
    return Hours((zone,), MAIL_OPENS, MAIL_CLOSES, True, ())
