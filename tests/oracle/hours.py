"""When a message may leave: the next permitted instant, walked to day by day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tests.oracle.contacts import country_of_number, zones_of_number
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


def text_hours(place: Place, property_country: str | None, at: datetime, number: str, *, is_offer: bool) -> Hours:
    """The hours are those of every text; what the row says of Sundays and holidays concerns offers only."""
    opens, closes, days, holidays = TEXTS.get(place.country or "", CAREFUL)
    return Hours(
        clocks_of(place, at, number),
        time(max(opens, TEXTS_EARLIEST)),
        time(min(closes, TEXTS_LATEST)),
        days == "daily" or not is_offer,
        (place.country, property_country) if is_offer and holidays == "not on holidays" else (),
    )


def clocks_of(place: Place, at: datetime, number: str) -> tuple[str, ...]:
    """By which clocks a text is timed: her own where she is somewhere certain, or nowhere in her country differs from
    it by more than an hour; else all those of the area her number is of, or of the country."""
    possible = place.zones
    if len(possible) > 1 and country_of_number(number) == place.country:
        by_area = zones_of_number(number)
        if by_area & set(possible):
            possible = tuple(zone for zone in possible if zone in by_area)
    walls = [local(at, zone).replace(tzinfo=None) for zone in possible]
    if place.zones[0] in possible and max(walls) - min(walls) <= timedelta(hours=1):
        return place.zones[:1]
    return possible


def marketing_mail_hours(place: Place) -> Hours:
    return Hours(place.zones[:1], MAIL_OPENS, MAIL_CLOSES, True, ())


def property_hours(zone: str) -> Hours:
    return Hours((zone,), MAIL_OPENS, MAIL_CLOSES, True, ())
