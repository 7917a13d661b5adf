"""What the house changed of the rules by country: versions of a country's row, and single days."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from shared.database.pool import Tx
from shared.rows import row


@row
class CountryRule:
    """One version of what the house says; None is as shipped. `country`: * for those without a row of their own."""

    country: str
    version: int
    opens: str | None
    closes: str | None
    days: list[int] | None
    on_holidays: bool | None
    cap_contacts: int | None
    cap_days: int | None
    why: str
    by: str
    at: datetime


@row
class HolidayChange:
    country: str
    day: date
    is_holiday: bool
    why: str
    by: str
    at: datetime


VERSIONS = """
    select country, version, opens, closes, days, on_holidays, cap_contacts, cap_days, why, by, at from country_rule
"""
NEWEST = f"select distinct on (country) * from ({VERSIONS}) as rule order by country, version desc"


def standing_rules(tx: Tx) -> dict[str, CountryRule]:
    """By country, the newest version; one in which all is as shipped again too."""
    return {rule.country: rule for rule in tx.rows(CountryRule, NEWEST)}


def versions_of(tx: Tx, country: str) -> list[CountryRule]:
    """The newest first."""
    return tx.rows(CountryRule, f"{VERSIONS} where country = %s order by version desc", [country])


def add_version(tx: Tx, rule: CountryRule) -> bool:
    """False where somebody else has written that version meanwhile."""
    return bool(
        tx.execute(
            """
            insert into country_rule (country, version, opens, closes, days, on_holidays, cap_contacts, cap_days, why,
                                      by, at)
            values (%(country)s, %(version)s, %(opens)s, %(closes)s, %(days)s, %(on_holidays)s, %(cap_contacts)s,
                    %(cap_days)s, %(why)s, %(by)s, %(at)s)
            on conflict do nothing
            """,
            _values(rule),
        ).rowcount
    )


def changed_days(tx: Tx, since: date, country: str | None = None) -> list[HolidayChange]:
    """From `since` on, the earliest first; of every country, or of one."""
    query = """
        select country, day, is_holiday, why, by, at from holiday_change
        where day >= %s and country = coalesce(%s, country) order by country, day
    """
    return tx.rows(HolidayChange, query, [since, country])


def change_day(tx: Tx, change: HolidayChange) -> None:
    """The last word on a day counts; the trail keeps those before it."""
    tx.execute(
        """
        insert into holiday_change (country, day, is_holiday, why, by, at)
        values (%(country)s, %(day)s, %(is_holiday)s, %(why)s, %(by)s, %(at)s)
        on conflict (country, day) do update set
            (is_holiday, why, by, at) = (excluded.is_holiday, excluded.why, excluded.by, excluded.at)
        """,
        _values(change),
    )


def _values(one: CountryRule | HolidayChange) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}
