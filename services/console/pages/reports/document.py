"""A report as data: every word of it, in the reader's language, and the numbers that its charts draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext, ngettext

from services.console.pages.figures import shown
from services.console.pages.figures.asked import Asked
from services.console.pages.figures.assembled import Changes, KeyFigures, Line
from services.console.pages.figures.changed import period_words
from services.console.pages.other_services import silence_of
from services.console.queries.changes import course_of
from services.console.rules.figures.changes import Place
from shared.database.pool import Tx
from shared.vocabulary.window import Span, Window, days_between, last_windows, window_of
from shared.web.i18n.formatting import day, money, number
from shared.web.i18n.languages import locale
from shared.web.site import here

MONTHS_DRAWN = 13
WEEKS_DRAWN = 9
CHANNELS_DRAWN = 6
Report = dict[str, Any]


def report_of(asked: Asked, found: KeyFigures, sentences: Sequence[str]) -> Report:
    """As `report.typ` and the mail show it. `sentences`: what changed."""
    windows = windows_drawn(asked)
    with here().transaction() as tx:
        stays = _stays_drawn(tx, asked, windows)
    return {
        "language": locale().language,
        "title": title_of(asked),
        "where": asked.hotel.name if asked.hotel else gettext("All hotels"),
        "period": period_words(asked, asked.window),
        "made": gettext("Made by Guestloop on %(day)s", day=day(here().now().date())),
        "heads": {"changed": gettext("What changed, and why we think so"), "figures": gettext("Key figures")},
        "sentences": list(sentences),
        "columns": [
            *(
                gettext("Figure"),
                gettext("Value"),
                gettext("Target"),
                gettext("Period before"),
                gettext("A year before"),
            )
        ],
        "rows": [_row(line) for line in found.lines if is_told(line)],
        "revenue": [_revenue(one.revenue, one.currency, one.stays) for one in found.revenue],
        "charts": [chart for chart in (stays, _channels(asked, found.changes)) if chart],
        "notes": list(_notes(asked, found)),
    }


def title_of(asked: Asked) -> str:
    if asked.is_week:
        return gettext("Weekly report")
    return {
        Span.MONTH: gettext("Monthly report"),
        Span.QUARTER: gettext("Quarterly report"),
        Span.YEAR: gettext("Yearly report"),
    }[asked.span]


def windows_drawn(asked: Asked) -> list[Window]:
    """Up to the one that is reported, in order."""
    if not asked.is_week:
        return last_windows(asked.span, asked.window.first, MONTHS_DRAWN if asked.span is Span.MONTH else 5)
    found = [asked.window]
    while len(found) < WEEKS_DRAWN:
        last = found[-1]
        found.append(days_between(last.before, last.before + (last.last - last.first)))
    return found[::-1]


def is_told(line: Line) -> bool:
    """Whether there is something to say of it; what was never counted would fill the page with dashes."""
    return any(one.whole for one in (line.now, line.previous, line.before))


def _row(line: Line) -> dict[str, str]:
    now = line.now
    verdict = ""
    if line.meets is not None:
        verdict = gettext("reached") if line.meets else gettext("missed")
    elif now.value is not None and not now.is_firm:
        verdict = gettext("too few to tell")
    return {
        "name": gettext(now.definition.label),
        "value": shown.value_words(now.definition, now.value, now.currency),
        "parts": shown.parts_words(now) if now.value is not None else shown.why_words(now),
        "target": shown.target_words(now.definition, line.target, line.days),
        "verdict": verdict,
        "previous": shown.value_words(now.definition, line.previous.value, line.previous.currency),
        "year": shown.value_words(now.definition, line.before.value, line.before.currency),
    }


def _revenue(revenue: Any, currency: str, stays: int) -> str:
    what = ngettext("from %(count)s stay that ended", "from %(count)s stays that ended", stays, count=number(stays))
    return gettext("Revenue: %(amount)s %(what)s", amount=money(revenue, currency), what=what)


def _stays_drawn(tx: Tx, asked: Asked, windows: Sequence[Window]) -> Report | None:
    counts = course_of(tx, windows, asked.code)
    if not any(counts):
        return None
    bars = [
        _bar(_short(asked, window), count, main=window == asked.window)
        for window, count in zip(windows, counts, strict=True)
    ]
    return _chart(gettext("Stays that ended"), bars)


def _channels(asked: Asked, changes: Changes | None) -> Report | None:
    """The greatest, each beside itself a year before."""
    parts = changes.parts if changes else {}
    found = {value: count for (place, value), count in parts.items() if place is Place.CHANNEL}
    greatest = sorted(found, key=lambda value: (-found[value].now, -found[value].year, value))[:CHANNELS_DRAWN]
    if not any(found[value].now or found[value].year for value in greatest):
        return None
    bars = []
    for value in greatest:
        name = value or gettext("not known")
        bars.append(_bar(name, found[value].now, main=True))
        before = _short(asked, asked.year_before)
        bars.append(_bar(gettext("%(name)s, %(period)s", name=name, period=before), found[value].year, main=False))
    return _chart(gettext("Stays by channel, and a year before"), bars)


def _chart(title: str, bars: Sequence[Mapping[str, Any]]) -> Report:
    told = gettext(", ").join(gettext("%(name)s: %(count)s", name=one["label"], count=one["words"]) for one in bars)
    return {"title": title, "bars": list(bars), "alt": gettext("%(name)s: %(count)s", name=title, count=told)}


def _bar(label: str, count: int, *, main: bool) -> dict[str, Any]:
    return {"label": label, "value": count, "words": number(count), "main": main}


def _short(asked: Asked, window: Window) -> str:
    if asked.is_week:
        return gettext("from %(day)s", day=day(window.first))
    return period_words(asked, window_of(asked.span, window.first))


def _notes(asked: Asked, found: KeyFigures) -> Iterable[str]:
    yield from (silence_of(service) for service in found.silent)
    if asked.is_week:
        yield gettext("Figures that count guests, as retention and reach, are of months: a week is too short for them.")
    elif found.counted_at:
        yield gettext(
            "Guests were counted on %(day)s; stays and messages are as of this report.",
            day=day(found.counted_at.date()),
        )
    if found.own:
        yield gettext("The house's own channels: %(channels)s.", channels=gettext(", ").join(found.own))
