"""«What changed and why we think so»: three sentences made from the figures, and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext, ngettext

from services.console.pages.figures import shown
from services.console.pages.figures.asked import Asked
from services.console.pages.figures.assembled import Changes, KeyFigures, Line
from services.console.rules.figures.changes import (
    Contribution,
    Moved,
    Place,
    can_tell,
    deviations,
    furthest,
    largest,
    moved,
)
from services.console.rules.figures.figures import Figure
from shared.vocabulary.window import Window
from shared.web.i18n.formatting import day, number, percent
from shared.web.i18n.windows import window_words


@dataclass(frozen=True)
class Against:
    """What is compared with: the same window a year before where it can be told, else the one before."""

    window: Window
    then: int
    is_year: bool


def sentences(asked: Asked, found: KeyFigures, hotels: Mapping[str, str], today: date) -> list[str]:
    """What changed in stays, what most of it comes from, and which other figure moved. Nothing of a cut. `hotels`: the
    names of their codes."""
    if found.changes is None:
        return []
    if asked.window.until > today:
        return [gettext("%(period)s is not over yet: what changed is said when it is.", period=_words(asked))]
    changes = found.changes
    against = _against(asked, changes)
    return [_stays(asked, changes), _reason(asked, changes, against, hotels), _other(asked, found, against)]


def period_words(asked: Asked, window: Window) -> str:
    """«October 2026», or the days of a week."""
    if not asked.is_week:
        return window_words(asked.span, window)
    return gettext("%(first)s to %(last)s", first=day(window.first), last=day(window.last))


def _words(asked: Asked) -> str:
    return period_words(asked, asked.window)


def _against(asked: Asked, changes: Changes) -> Against | None:
    if can_tell(changes.stays.year):
        return Against(asked.year_before, changes.stays.year, True)
    if can_tell(changes.stays.previous):
        return Against(asked.previous, changes.stays.previous, False)
    return None


def _stays(asked: Asked, changes: Changes) -> str:
    count = changes.stays
    return gettext(
        "%(stays)s ended in %(period)s: %(previous)s; %(year)s.",
        stays=ngettext("%(count)s stay", "%(count)s stays", count.now, count=number(count.now)),
        period=_words(asked),
        previous=_compared(count.now, count.previous, period_words(asked, asked.previous)),
        year=_compared(count.now, count.year, period_words(asked, asked.year_before)),
    )


def _compared(now: int, then: int, period: str) -> str:
    if not can_tell(then):
        return gettext("in %(period)s (%(then)s) there were too few to tell", period=period, then=number(then))
    values = {"period": period, "then": number(then), "share": percent(abs(now - then), then)}
    if not moved(now, then):
        return gettext("no more apart from %(period)s (%(then)s) than chance explains", **values)
    if now > then:
        return gettext("%(share)s more than in %(period)s (%(then)s)", **values)
    return gettext("%(share)s fewer than in %(period)s (%(then)s)", **values)


def _reason(asked: Asked, changes: Changes, against: Against | None, hotels: Mapping[str, str]) -> str:
    if against is None:
        return gettext("What it comes from cannot be told: there is too little to compare with.")
    change = changes.stays.now - against.then
    found = largest(_contributions(changes, against), change)
    if found is None:
        return gettext("What it comes from cannot be told: no hotel, channel or market is known by which it differs.")
    values = {
        "where": _where(found, hotels),
        "now": number(found.now),
        "then": number(found.then),
        "period": period_words(asked, against.window),
    }
    if not found.is_more_than_chance:
        return gettext(
            "We think no single hotel, channel or market made it so: what moved most is %(where)s (%(now)s, in "
            "%(period)s %(then)s), and that is no more than chance.",
            **values,
        )
    if not moved(changes.stays.now, against.then):
        return gettext(
            "We think there is a shift beneath it: what moved most is %(where)s (%(now)s, in %(period)s %(then)s).",
            **values,
        )
    return gettext("We think most of it comes from %(where)s (%(now)s, in %(period)s %(then)s).", **values)


def _contributions(changes: Changes, against: Against) -> list[Contribution]:
    return [
        Contribution(place, value, count.now, count.year if against.is_year else count.previous)
        for (place, value), count in changes.parts.items()
    ]


def _where(one: Contribution, hotels: Mapping[str, str]) -> str:
    if one.place is Place.GUESTS:
        is_new = one.value == "new"
        return gettext("guests who came for the first time") if is_new else gettext("guests who came again")
    if not one.value:
        return (
            gettext("stays of no known channel") if one.place is Place.CHANNEL else gettext("stays of no known market")
        )
    name = hotels.get(one.value, one.value) if one.place is Place.HOTEL else one.value
    match one.place:
        case Place.HOTEL:
            return gettext("the hotel %(name)s", name=name)
        case Place.CHANNEL:
            return gettext("the channel %(name)s", name=name)
    return gettext("the market %(name)s", name=name)


def _other(asked: Asked, found: KeyFigures, against: Against | None) -> str:
    if against is None:
        return gettext("Of the other figures there are too few to tell.")
    pairs = [(line.now, _then(line, against)) for line in found.lines]
    if all(deviations(now, then) is None for now, then in pairs):
        return gettext("Of the other figures there are too few to tell.")
    one = furthest(pairs)
    period = period_words(asked, against.window)
    if one is None:
        return gettext("None of the other figures is further from %(period)s than chance explains.", period=period)
    return _verdict(one, period)


def _verdict(one: Moved, period: str) -> str:
    values = {
        "figure": gettext(one.now.definition.label),
        "now": shown.with_parts(one.now),
        "then": shown.with_parts(one.then),
        "period": period,
    }
    if one.is_good is None:
        return gettext("What else moved most is %(figure)s: %(now)s, in %(period)s %(then)s.", **values)
    if one.is_good:
        return gettext(
            "We think %(figure)s became better by more than chance: %(now)s, in %(period)s %(then)s.", **values
        )
    return gettext("We think %(figure)s became worse by more than chance: %(now)s, in %(period)s %(then)s.", **values)


def _then(line: Line, against: Against) -> Figure:
    return line.before if against.is_year else line.previous
