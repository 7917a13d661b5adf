"""Days of the calendar, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel import dates
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from services.campaigns.commands.calendars import holiday_countries
from services.campaigns.pages.sentences.names import Names, any_of, segment_words
from services.campaigns.steps.calendars import LAST
from services.campaigns.steps.fields import WEEKDAYS
from services.campaigns.steps.kind import Document
from shared.web.i18n.languages import locale

RULES: Mapping[str, Any] = {
    "once": _l("one day"),
    "weekly": _l("every week"),
    "monthly": _l("every month, as a member day"),
    "festival": _l("a festival of the lunar calendar"),
    "holiday": _l("a public holiday"),
    "own": _l("a day of the house's own"),
}
FESTIVALS: Mapping[str, Any] = {
    "spring-festival": _l("Spring Festival"),
    "lunar-new-years-eve": _l("Lunar New Year's Eve"),
    "lantern-festival": _l("Lantern Festival"),
    "dragon-boat": _l("Dragon Boat Festival"),
    "qixi": _l("Qixi"),
    "mid-autumn": _l("Mid-Autumn Festival"),
    "double-ninth": _l("Double Ninth Festival"),
    "laba": _l("Laba Festival"),
}
NTH: Mapping[str, Any] = {
    "": _l("by its number"),
    "1": _l("the first"),
    "2": _l("the second"),
    "3": _l("the third"),
    "4": _l("the fourth"),
    str(LAST): _l("the last"),
}


def rule_of(entry: Document) -> str:
    return next(iter(entry["calendar"]))


def weekdays() -> dict[str, str]:
    return {day: _weekday(day) for day in WEEKDAYS}


def _weekday(name: Any) -> str:
    if name not in WEEKDAYS:
        return "…"
    return str(dates.get_day_names("wide", locale=locale())[WEEKDAYS.index(name)])


def countries() -> list[tuple[str, str]]:
    named = [(code, locale().territories.get(code, code)) for code in holiday_countries()]
    return [("", str(gettext("choose"))), *sorted(named, key=lambda pair: pair[1])]


def holiday_choices(names: Sequence[str], chosen: str | None) -> list[tuple[str, str]]:
    known = [*names, *([chosen] if chosen and chosen not in names else [])]
    return [("", str(gettext("each of them"))), *((name, name) for name in known)]


def day_words(text: Any) -> str:
    try:
        return str(dates.format_date(date.fromisoformat(text), "long", locale=locale()))
    except (TypeError, ValueError):
        return "…"


def calendar_words(calendar: Document) -> str:
    """«Mid-Autumn Festival», «every Friday», «the 8th of every month»."""
    (rule,) = calendar
    value = calendar[rule]
    if rule == "once":
        return day_words(value)
    if rule == "weekly":
        return str(gettext("every %(days)s", days=any_of([_weekday(day) for day in value])))
    if rule == "monthly":
        return _monthly_words(value)
    if rule == "festival":
        return str(FESTIVALS.get(value, value or "…"))
    if rule == "holiday":
        return _holiday_words(value)
    return str(gettext("the house's own day «%(name)s»", name=value or "…"))


def _monthly_words(value: Document) -> str:
    if value.get("nth"):
        which, day = str(NTH.get(str(value["nth"]), "…")), _weekday(value.get("weekday"))
        return str(gettext("%(which)s %(weekday)s of every month", which=which, weekday=day))
    return str(gettext("day %(number)s of every month", number=value.get("day") or "…"))


def _holiday_words(value: Document) -> str:
    country = str(locale().territories.get(value.get("country") or "", "…"))
    if name := value.get("name"):
        return str(gettext("the public holiday «%(name)s» of %(country)s", name=name, country=country))
    return str(gettext("each public holiday of %(country)s", country=country))


def calendar_entry_words(entry: Document, names: Names) -> str:
    day, hour = calendar_words(entry["calendar"]), entry.get("hour") or "…"
    when = _when(entry.get("offset_days"), {"day": day, "hour": hour})
    hotel, segment = entry.get("hotel"), segment_words(entry.get("audience", ""), names)
    if hotel:
        told = {"when": when, "hotel": hotel, "segment": segment}
        said = gettext("%(when)s, by the hour of %(hotel)s: who is in %(segment)s", **told)
    else:
        said = gettext("%(when)s, where each guest lives: who is in %(segment)s", when=when, segment=segment)
    if left_out := entry.get("left_out"):
        others = any_of([segment_words(one, names) for one in left_out])
        said = gettext("%(who)s, but not in %(others)s", who=said, others=others)
    return str(said)[:1].upper() + str(said)[1:]


def _when(offset: Any, told: dict[str, str]) -> str:
    if not isinstance(offset, int) or not offset:
        return str(gettext("%(day)s at %(hour)s", **told))
    if offset < 0:
        before = ngettext(
            "%(num)d day before %(day)s at %(hour)s", "%(num)d days before %(day)s at %(hour)s", -offset, **told
        )
        return str(before)
    after = ngettext("%(num)d day after %(day)s at %(hour)s", "%(num)d days after %(day)s at %(hour)s", offset, **told)
    return str(after)
