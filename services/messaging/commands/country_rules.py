"""The rules by country as the house has them: read for the gate, and changed within what the law leaves open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.messaging.channels.telephones.country_hours import shipped_hours
from services.messaging.rules.channel import Hours
from services.messaging.rules.house import Cap, HouseRules, in_order, outside, widened
from services.messaging.store.limits import country_rules as store
from services.messaging.store.limits.country_rules import CountryRule, HolidayChange
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, Problem

A_WEEK = timedelta(days=7)
CHANGED = ("opens", "closes", "days", "on_holidays", "cap_contacts", "cap_days")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What the house wants of a country. `hours`, `cap`: None as shipped. `is_sure`: they know that it is more than a
    guideline allows. `seen`: the version that was changed."""

    hours: Hours | None
    cap: Cap | None
    why: str
    is_sure: bool
    seen: int


def house_rules(tx: Tx, at: datetime) -> HouseRules:
    """As it stands now; a claim reads it anew."""
    standing = store.standing_rules(tx)
    return HouseRules(
        {country: hours for country, rule in standing.items() if (hours := hours_of(rule))},
        {country: cap for country, rule in standing.items() if (cap := cap_of(rule))},
        {(one.country, one.day): one.is_holiday for one in store.changed_days(tx, at.date() - A_WEEK)},
    )


def hours_of(rule: CountryRule) -> Hours | None:
    """Inside the bounds, whatever a later release makes of them."""
    if rule.opens is None or rule.closes is None or rule.days is None or rule.on_holidays is None:
        return None
    opens, closes = time.fromisoformat(rule.opens), time.fromisoformat(rule.closes)
    return Hours(opens, closes, frozenset(rule.days), rule.on_holidays).within(shipped_hours().bounds)


def cap_of(rule: CountryRule) -> Cap | None:
    if rule.cap_contacts is None or rule.cap_days is None:
        return None
    return Cap(rule.cap_contacts, timedelta(days=rule.cap_days))


def change_country(tx: Tx, country: str, wanted: Wanted, *, by: Person, at: datetime) -> None:
    """It counts from the next claim on. Raises `InputError` at the field where law or bounds forbid it, or where it is
    more than a guideline allows and nobody said that they are sure; `Conflict` where somebody was faster."""
    if wanted.hours is not None:
        _refuse_too_wide(country, wanted.hours, is_sure=wanted.is_sure)
    hours, cap = wanted.hours, wanted.cap
    rule = CountryRule(
        country=country,
        version=wanted.seen + 1,
        opens=hours.opens.strftime("%H:%M") if hours else None,
        closes=hours.closes.strftime("%H:%M") if hours else None,
        days=in_order(hours.days) if hours else None,
        on_holidays=hours.on_holidays if hours else None,
        cap_contacts=cap.most if cap else None,
        cap_days=cap.within.days if cap else None,
        why=wanted.why,
        by=by.name,
        at=at,
    )
    if wanted.seen != _version(tx, country) or not store.add_version(tx, rule):
        raise Conflict("somebody changed this country meanwhile")
    said = {
        name: getattr(rule, name) for name in ("opens", "closes", "days", "on_holidays", "cap_contacts", "cap_days")
    }
    details = {name: value for name, value in said.items() if value is not None}
    record(tx, by, "country.changed", f"country {country}", {**details, "why": rule.why, "version": rule.version}, at)


def change_holiday(tx: Tx, country: str, day: date, *, is_holiday: bool, why: str, by: Person, at: datetime) -> None:
    store.change_day(tx, HolidayChange(country=country, day=day, is_holiday=is_holiday, why=why, by=by.name, at=at))
    details = {"day": day.isoformat(), "is_holiday": is_holiday, "why": why}
    record(tx, by, "holiday.changed", f"country {country}", details, at)


def _version(tx: Tx, country: str) -> int:
    versions = store.versions_of(tx, country)
    return versions[0].version if versions else 0


def _refuse_too_wide(country: str, hours: Hours, *, is_sure: bool) -> None:
    shipped = shipped_hours()
    if beyond := outside(hours, shipped.bounds):
        bounds = {"opens": shipped.bounds.opens.strftime("%H:%M"), "closes": shipped.bounds.closes.strftime("%H:%M")}
        text = "no country's hours go beyond {opens} to {closes}"
        raise InputError(problems=dict.fromkeys(beyond, Problem(text.format(**bounds), "beyond_bounds", **bounds)))
    wider = widened(hours, shipped.of(country))
    source = shipped.sources[shipped.row_of(country)]
    if wider and source.is_law:
        text = "more than the law allows there"
        raise InputError(problems=dict.fromkeys(wider, Problem(text, "beyond_law", source=source.text)))
    if wider and not is_sure:
        text = "more than the guideline allows: say that you are sure"
        raise InputError(problems=dict.fromkeys(wider, Problem(text, "beyond_guideline", source=source.text)))
