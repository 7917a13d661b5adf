"""Instants counted from a date, in words: «3 days before the arrival at 15:00»."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.sentences.events import STAYS
from services.campaigns.pages.sentences.names import Names, all_of, any_of
from services.campaigns.steps.anchors import OWN, Anchor, is_own
from services.campaigns.steps.kind import Document

DATES: Mapping[str, Any] = {
    Anchor.ARRIVAL: _l("the arrival"),
    Anchor.DEPARTURE: _l("the departure"),
    Anchor.BIRTHDAY: _l("the birthday"),
    Anchor.LUNAR_BIRTHDAY: _l("the birthday by the lunar calendar"),
    Anchor.FIRST_STAY: _l("the anniversary of the first stay"),
}


def called(anchor: str, names: Names) -> str:
    """What a date is called; one of the house's own by its name, or its key where nobody told it."""
    if is_own(anchor):
        return str(gettext("«%(date)s»", date=names.get(anchor, anchor.removeprefix(OWN))))
    return str(DATES.get(anchor, anchor))


def choices_of(own: Sequence[tuple[str, str]], chosen: str) -> list[tuple[str, Any]]:
    """The dates a step may wait for, the house's own after the others; what is chosen stays to choose."""
    names = dict(own)
    more = {chosen: chosen.removeprefix(OWN)} if is_own(chosen) else {}
    return [*DATES.items(), *{**more, **names}.items()]


UNITS = {"days": _l("days"), "hours": _l("hours")}
DIRECTIONS = {"before": _l("before"), "after": _l("after")}


def offset_words(anchor: str, offset: Document, names: Names | None = None) -> str:
    """«3 days before the arrival at 15:00»; «36 hours before 15:00 on the day of the arrival»."""
    days, hours, hour = (offset.get(name) for name in ("days", "hours", "hour"))
    told = {"date": called(anchor, names or {}), "hour": hour or "…"}
    if not isinstance(days, int) or not isinstance(hours, int):
        return str(gettext("some time before or after %(date)s", date=told["date"]))
    if hours < 0:
        return str(
            ngettext(
                "%(num)d hour before %(hour)s on the day of %(date)s",
                "%(num)d hours before %(hour)s on the day of %(date)s",
                -hours,
                **told,
            )
        )
    if hours:
        return str(
            ngettext(
                "%(num)d hour after %(hour)s on the day of %(date)s",
                "%(num)d hours after %(hour)s on the day of %(date)s",
                hours,
                **told,
            )
        )
    if days < 0:
        before = ngettext(
            "%(num)d day before %(date)s at %(hour)s", "%(num)d days before %(date)s at %(hour)s", -days, **told
        )
        return str(before)
    if days:
        after = ngettext(
            "%(num)d day after %(date)s at %(hour)s", "%(num)d days after %(date)s at %(hour)s", days, **told
        )
        return str(after)
    return str(gettext("on the day of %(date)s at %(hour)s", **told))


def stay_date_words(entry: Document) -> str:
    when = offset_words(entry["stay_date"], entry)
    hotel, stays = entry.get("hotel"), stays_words(entry.get("stays") or {})
    if hotel:
        said = gettext("%(when)s, at %(hotel)s, hotel's time", when=when, hotel=hotel)
    else:
        said = gettext("%(when)s, hotel's time", when=when)
    if stays:
        said = gettext("%(when)s; for stays %(which)s", when=said, which=stays)
    return str(said)[:1].upper() + str(said)[1:]


def stay_entry_words(entry: Document) -> str:
    said = gettext("When %(this)s", this=STAYS.get(entry["stay"], entry["stay"]))
    if hotel := entry.get("hotel"):
        said = gettext("%(when)s, at %(hotel)s", when=said, hotel=hotel)
    if stays := stays_words(entry.get("stays") or {}):
        said = gettext("%(when)s; for stays %(which)s", when=said, which=stays)
    return str(said)


def stays_words(stays: Document) -> str:
    """Which stays, as a list of what is asked of them; empty where nothing is."""
    found = []
    least, most, ahead = (stays.get(name) for name in ("nights_from", "nights_to", "booked_ahead"))
    if least:
        found.append(ngettext("of at least %(n)s night", "of at least %(n)s nights", _number(least), n=least))
    if most is not None:
        found.append(ngettext("of at most %(n)s night", "of at most %(n)s nights", _number(most), n=most))
    for name, words in NAMED.items():
        if names := stays.get(name):
            found.append(str(words) % {"names": any_of([str(one) for one in names])})
    if ahead:
        booked = ngettext(
            "booked at least %(n)s day ahead", "booked at least %(n)s days ahead", _number(ahead), n=ahead
        )
        found.append(booked)
    return all_of(found) if found else ""


NAMED = {
    "room_types": _l("in the room type %(names)s"),
    "rates": _l("at the rate %(names)s"),
    "channels": _l("booked by %(names)s"),
}


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 2


def unit_of(offset: Document) -> str:
    return "hours" if offset.get("hours") else "days"


def amount_of(offset: Document) -> Any:
    """As it stands in a form: without its sign, as it was typed where it is no number."""
    value = offset.get("hours") or offset.get("days", 0)
    return abs(value) if isinstance(value, int) else value


def direction_of(offset: Document) -> str:
    value = offset.get("hours") or offset.get("days", 0)
    return "after" if isinstance(value, int) and value > 0 else "before"
