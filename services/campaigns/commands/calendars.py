"""The calendar: on which days festivals and public holidays fall, and the house's own days."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from borax.calendars.lunardate import LunarDate

from services.campaigns.steps.calendars import LONGEST_NAME, Named
from services.campaigns.store import calendars as store
from shared.database.pool import Tx
from shared.errors import InputError, NotFound

YEARS_AHEAD = 3
LANGUAGE = "en_US"  # of the names, where the package has it: they are kept, and must not follow the machine's
MOVED = "(substituted from"  # a day off for a working Saturday is no holiday of its own
LUNAR: Mapping[str, tuple[int, int]] = {
    "spring-festival": (1, 1),
    "lantern-festival": (1, 15),
    "dragon-boat": (5, 5),
    "qixi": (7, 7),
    "mid-autumn": (8, 15),
    "double-ninth": (9, 9),
    "laba": (12, 8),
}
"""Month and day of the lunar calendar; never of a leap month."""


def festival(name: str, year: int) -> date:
    """The day on which it falls that begins in that lunar year."""
    if name == "lunar-new-years-eve":
        return festival("spring-festival", year + 1) - timedelta(days=1)
    month, day = LUNAR[name]
    found: date = LunarDate(year, month, day, 0).to_solar_date()
    return found


def _festival_days(name: str, years: Iterable[int]) -> list[tuple[date, str]]:
    return [(festival(name, year), name) for year in years]


def _holiday_days(country: str, years: Iterable[int]) -> list[tuple[date, str]]:
    import holidays  # heavy, and needed only where a year is entered or an editor asks

    try:
        found = holidays.country_holidays(country, years=list(years), language=LANGUAGE)
    except NotImplementedError:
        return []
    return [(day, name) for day, names in found.items() for name in names.split("; ") if MOVED not in name]


FILLED: Mapping[str, Callable[[str, Iterable[int]], list[tuple[date, str]]]] = {
    "festival": _festival_days,
    "holiday": _holiday_days,
}


def days_known(tx: Tx, calendar: Named, at: datetime) -> list[date]:
    """Those of the years around `at`, worked out where they are not yet."""
    fill(tx, calendar.key, at)
    return store.days_of(tx, calendar.key, calendar.name)


def fill(tx: Tx, key: str, at: datetime) -> None:
    kind, _, name = key.partition(":")
    if kind not in FILLED:
        return
    missing = store.missing_years(tx, key, range(at.year - 1, at.year + YEARS_AHEAD))
    if missing:
        store.keep_years(tx, key, missing, FILLED[kind](name, missing))


def add_own_day(tx: Tx, name: str, day: str) -> None:
    """Raises `InputError` by field."""
    problems = {}
    if not 0 < len(name) <= LONGEST_NAME:
        problems["name"] = "name"
    try:
        parsed = date.fromisoformat(day)
    except ValueError:
        problems["day"] = "day"
    if problems:
        raise InputError(problems=problems)
    store.keep_years(tx, store.OWN, (), [(parsed, name)])


def drop_own_day(tx: Tx, name: str, day: str) -> None:
    try:
        found = store.drop_own(tx, name, date.fromisoformat(day))
    except ValueError:
        found = False
    if not found:
        raise NotFound("There is no such day any more.")


def holiday_countries() -> list[str]:
    import holidays  # heavy: see above

    return sorted(code for code in holidays.list_supported_countries() if len(code) == 2)


def holiday_names(country: str, year: int) -> list[str]:
    return sorted({name for _, name in _holiday_days(country, [year])})
