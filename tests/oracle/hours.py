"""When a message may leave: the next permitted instant, walked to day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tests.oracle.guests import Place
from tests.oracle.places import instant, is_holiday, local

TEXTS_EARLIEST, TEXTS_LATEST = 8, 21  # nowhere before, nowhere after
CAREFUL = (10, 17, "mon-sat", "not on holidays")
# Where a rule for text messages is known: the hours, the days, and whether holidays count.
NOT_BEFORE_8_NOT_AFTER_21 = (8, 21, "daily", "holidays too")
TEXTS = {
    "US": (10, 17, "mon-sat", "holidays too"),  # the state is not known: Rhode Island's Saturday for all
    "CA": (10, 18, "daily", "holidays too"),  # its weekend hours, on working days too
    "BR": (9, 22, "mon-sat", "holidays too"),
    "FR": (8, 22, "mon-sat", "not on holidays"),
    "CN": (8, 22, "daily", "holidays too"),
    **dict.fromkeys(("GB", "IE", "DE", "NL", "AU", "NZ"), NOT_BEFORE_8_NOT_AFTER_21),
}
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
    opens, closes, days, holidays = TEXTS.get(place.country or "", CAREFUL)
    return Hours(
        place.zones,
        time(max(opens, TEXTS_EARLIEST)),
        time(min(closes, TEXTS_LATEST)),
        days == "daily",
        (place.country, property_country) if holidays == "not on holidays" else (),
    )


def marketing_mail_hours(place: Place, property_country: str | None) -> Hours:
    return Hours(place.zones[:1], MAIL_OPENS, MAIL_CLOSES, True, (place.country, property_country))


def property_hours(zone: str) -> Hours:
    return Hours((zone,), MAIL_OPENS, MAIL_CLOSES, True, ())
