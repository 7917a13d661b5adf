"""The calendar of public holidays that the gate looks at, filled from the `holidays` package."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from services.messaging.store import holidays as store
from shared.database.pool import Tx


def fill_holidays(tx: Tx, countries: Collection[str], years: Collection[int]) -> None:
    """Enter the national public holidays of years that are not in the table yet; a country unknown to the package
    has none."""
    wanted = {(country, year) for country in countries for year in years}
    missing = wanted - store.known_years(tx, sorted(countries), sorted(years))
    if missing:
        days = [
            (country, day, name)
            for country, year in sorted(missing)
            for day, name in shipped_holidays(country, year).items()
            if day.year == year
        ]
        store.keep_years(tx, missing, days)


def shipped_holidays(country: str, year: int) -> dict[date, str]:
    """The national public holidays of one year with their names; none of a country unknown to the package."""
    import holidays  # heavy, and needed only where a country's year is entered for the first time

    try:
        return dict(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return {}


class Calendar:
    """Holidays in memory for a day at a time, so that the gate asks no database."""

    def __init__(self) -> None:
        self._day: date | None = None
        self._known: set[str] = set()
        self._filled: set[tuple[str, int]] = set()
        self._holidays: set[tuple[str, date]] = set()

    def prepare(self, tx: Tx, countries: Collection[str], today: date) -> None:
        """Know these countries' holidays of this year and the next."""
        if today != self._day:
            self._day, self._known, self._holidays = today, set(), set()
        new = set(countries) - self._known
        if new:
            self._fill(tx, new, today.year)
            self._known |= new
            days = store.holidays_of(tx, sorted(new), date(today.year, 1, 1), date(today.year + 1, 12, 31))
            self._holidays.update(days)

    def _fill(self, tx: Tx, countries: Collection[str], year: int) -> None:
        """Years once entered stay entered: they are not looked up again."""
        years = {(country, which) for country in countries for which in (year, year + 1)}
        if years - self._filled:
            fill_holidays(tx, countries, (year, year + 1))
            self._filled |= years

    def is_holiday(self, country: str, day: date) -> bool:
        return (country, day) in self._holidays
