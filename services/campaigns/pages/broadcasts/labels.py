"""What the pages of broadcasts call things."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from babel import dates
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from services.campaigns.queries.journeys import JourneyLine
from services.campaigns.rules.broadcasts import Broadcast, Pace, Repeat
from shared.web.i18n.formatting import day, number
from shared.web.i18n.languages import locale

REPEATS: Mapping[str, str] = {
    Repeat.ONCE: _l("once"),
    Repeat.WEEKLY: _l("every week on that weekday"),
    Repeat.MONTHLY: _l("every month on that day"),
}
PACES: Mapping[str, str] = {
    Pace.TOGETHER: _l("all at that hour"),
    Pace.SPREAD: _l("slowly, so many an hour"),
    Pace.OWN: _l("each at their own hour, where it is known"),
}
PROBLEMS: Mapping[str, str] = {
    "name": _l("Give it a name of at most 100 letters."),
    "audience": _l("Choose the segment whose guests get it."),
    "left_out": _l("Whoever gets it cannot be left out: choose another segment."),
    "template": _l("Choose the text."),
    "second": _l("The other half gets another text."),
    "channels": _l("Choose at least one channel."),
    "hour": _l("Say the hour."),
    "holdout": _l("A whole number from 0 to 50."),
    "an_hour": _l("A whole number from 1 to 1,000,000."),
}


def problem_words(field: str, code: str) -> str:
    if field == "day":
        text = gettext("One that repeats begins on its next day: choose a nearer one.")
        return str(text if code == "not_next" else gettext("Choose the day."))
    return str(PROBLEMS[field])


def state_words(line: JourneyLine, turn: tuple[date, datetime] | None) -> tuple[str, str, str]:
    """Word, tone and sign."""
    if line.state == "draft":
        return str(gettext("draft")), "plain", "pencil"
    if line.state == "live":
        if turn:
            return str(gettext("planned for %(day)s", day=day(turn[0]))), "good", "clock"
        return str(gettext("being sent") if line.waiting else gettext("sent")), "good", "tick"
    if line.state == "paused":
        return str(gettext("paused")), "look", "pause"
    return (str(gettext("sent")), "good", "tick") if line.sent else (str(gettext("stopped")), "plain", "stop")


def pace_words(one: Broadcast, inside: int | None) -> str:
    """How it is spread over the day, and how long that would take for `inside` guests."""
    if one.pace is Pace.OWN:
        return str(
            gettext(
                "Each guest at the hour around which they opened links or answered most (three times at least, from "
                "8:00 to 20:00); the others at %(hour)s.",
                hour=one.hour,
            )
        )
    if one.an_hour is None:
        return str(PACES[Pace.TOGETHER])
    text = gettext(
        "%(count)s an hour in each time zone, until 20:00 and on from %(hour)s the next day",
        count=number(one.an_hour),
        hour=one.hour,
    )
    hours = -(-inside // one.an_hour) if inside else 0
    if not hours:
        return str(text)
    taken = ngettext("%(count)s hour of sending", "%(count)s hours of sending", hours, count=number(hours))
    return str(gettext("%(pace)s: for all who are in now, %(hours)s", pace=text, hours=taken))


def when_words(one: Broadcast, hotel: str | None) -> str:
    """«Every Friday at 10:00, where each guest is»."""
    if hotel:
        where = gettext("%(hour)s, by the hour of %(hotel)s", hour=one.hour, hotel=hotel)
    else:
        where = gettext("%(hour)s, where each guest is", hour=one.hour)
    if one.repeat is Repeat.WEEKLY:
        weekday = dates.get_day_names("wide", locale=locale())[one.day.weekday()]
        return str(gettext("Every %(weekday)s at %(when)s", weekday=weekday, when=where))
    if one.repeat is Repeat.MONTHLY:
        return str(gettext("Every month on day %(number)s at %(when)s", number=one.day.day, when=where))
    return str(gettext("%(day)s at %(when)s", day=day(one.day), when=where))
