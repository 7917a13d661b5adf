"""What a journey brought: how many, what they booked, and against whom that is held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from babel import dates, numbers
from flask import Blueprint, Response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.pages.journeys.lines import line_of
from services.campaigns.pages.neighbours import choices
from services.campaigns.pages.steps import sentence, with_messages
from services.campaigns.pages.steps.split import way_name
from services.campaigns.queries.journeys import JourneyLine, Version, versions
from services.campaigns.queries.results import By, ResultLine, Revenue, Window, result_lines, revenues
from services.campaigns.rules.results import Group, Lift, lift, wilson
from shared.access.people import May
from shared.database.pool import Tx
from shared.spreadsheets import MARK, row_text
from shared.web.access_control import needs, scope
from shared.web.i18n.formatting import money, number
from shared.web.i18n.languages import locale
from shared.web.site import here

found = Blueprint("campaigns_results", __name__, url_prefix="/campaigns/journeys/<key>")
USUAL = timedelta(days=90)
WITHIN = timedelta(days=30)  # where a journey has no goal
LONGEST = timedelta(days=2 * 366)
NAMES = {
    By.JOURNEY: _l("all together"),
    By.STEP: _l("message"),
    By.VERSION: _l("version"),
    By.WAY: _l("way of a split"),
    By.HOTEL: _l("hotel"),
    By.MONTH: _l("month of entry"),
}


@dataclass(frozen=True)
class Asked:
    """The days that were asked for, first and last; what was typed wrongly is left out and said."""

    first: date
    last: date
    by: By
    problem: str | None = None


@dataclass(frozen=True)
class Comparison:
    """The share of guests who booked, with its 95 per cent interval, of those written to and of the control group."""

    written: tuple[str, str]
    control: tuple[str, str]
    lift: str
    is_certain: bool


@dataclass(frozen=True)
class Part:
    """`earned`: in each currency, never added. `key`: as results are told apart."""

    key: str
    name: str
    line: ResultLine
    earned: list[Revenue]


@dataclass(frozen=True)
class Results:
    """`whole` is None where nobody entered on these days."""

    whole: Part | None
    parts: list[Part]
    comparison: Comparison | None


@found.get("/results")
@needs(May.SEE_FIGURES)
def results(key: str) -> str:
    asked = _asked()
    with here().transaction() as tx:
        line = line_of(tx, key)
        known = versions(tx, key)
        shown = results_of(tx, key, asked, known)
    return render_template("results.html", line=line, asked=asked, by=NAMES, within=_within(known).days, **vars(shown))


@found.get("/results.csv")
@needs(May.SEE_FIGURES)
def table(key: str) -> Response:
    asked = _asked()
    with here().transaction() as tx:
        line = line_of(tx, key)
        shown = results_of(tx, key, asked, versions(tx, key))
    response = Response(_csv(line, asked, shown), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{key}-{asked.first}-{asked.last}.csv"'
    return response


def results_of(tx: Tx, key: str, asked: Asked, known: Sequence[Version]) -> Results:
    first, after = (datetime.combine(day, time(), UTC) for day in (asked.first, asked.last + timedelta(days=1)))
    window = Window(first, after, _within(known))
    whole = next(iter(_parts(tx, key, window, By.JOURNEY, known)), None)
    if whole is None:
        return Results(None, [], None)
    parts = _parts(tx, key, window, asked.by, known) if asked.by is not By.JOURNEY else []
    return Results(whole, parts, _compared(whole.line))


def _parts(tx: Tx, key: str, window: Window, by: By, known: Sequence[Version]) -> list[Part]:
    earned = revenues(tx, key, window, by, scope())
    named = _step_names(known) if by is By.STEP else {}
    return [
        Part(one.part, named.get(one.part) or _part_name(by, one.part), one, earned.get(one.part, []))
        for one in result_lines(tx, key, window, by, scope())
    ]


def _within(known: Sequence[Version]) -> timedelta:
    goal = known[0].document.get("goal") if known else None
    return timedelta(days=goal["within_days"]) if goal else WITHIN


def _step_names(known: Sequence[Version]) -> dict[str, str]:
    """Those of the newest version that has the step."""
    names = choices().names
    return {
        step["key"]: sentence(step, with_messages(names, one.document["steps"]))
        for one in reversed(known)
        for step in one.document["steps"]
    }


def _part_name(by: By, part: str) -> str:
    if by is By.VERSION:
        return str(gettext("Version %(number)s", number=part))
    if by is By.WAY:
        ways = " · ".join(way_name(one.partition(":")[2]) for one in part.split())
        return ways or str(gettext("before the split"))
    if by is By.MONTH:
        return str(dates.format_skeleton("yMMMM", date.fromisoformat(f"{part}-01"), locale=locale()))
    return part or str(gettext("no one hotel"))


def _compared(line: ResultLine) -> Comparison | None:
    if not line.control:
        return None
    written, control = Group(line.written, line.booked), Group(line.control, line.control_booked)
    return Comparison(_rate(written), _rate(control), *_lift_words(lift(written, control)))


def _rate(group: Group) -> tuple[str, str]:
    low, high = wilson(group)
    return _share(group.rate), f"{_share(low)} – {_share(high)}"


def _lift_words(found: Lift | None) -> tuple[str, bool]:
    if found is None:
        return str(gettext("Too few to tell.")), False
    points = {"low": _points(found.low), "high": _points(found.high), "middle": _points(found.difference)}
    if found.low > 0:
        words = gettext("More booked with it: by %(middle)s percentage points (%(low)s to %(high)s).", **points)
    elif found.high < 0:
        words = gettext("Fewer booked with it: by %(middle)s percentage points (%(low)s to %(high)s).", **points)
    else:
        words = gettext("No more than chance: %(middle)s percentage points (%(low)s to %(high)s).", **points)
    return str(words), found.is_certain


def _share(share: float) -> str:
    return str(numbers.format_percent(share, format="#,##0.0%", locale=locale()))


def _points(share: float) -> str:
    return number(round(share * 100, 1))


def earned_words(sums: Sequence[Revenue]) -> str:
    """One sum a currency: they are never added."""
    return " + ".join(money(one.amount, one.currency) for one in sums) if sums else "–"


@found.app_context_processor
def _context() -> dict[str, object]:
    return {"earned_words": earned_words, "share": lambda part, whole: _share(part / whole) if whole else "–"}


def _asked() -> Asked:
    """From the address; the last 90 days where it says nothing."""
    today = here().now().date()
    usual = Asked(today - USUAL, today, _by(request.args.get("by", "")))
    try:
        first = date.fromisoformat(request.args.get("from") or usual.first.isoformat())
        last = date.fromisoformat(request.args.get("to") or usual.last.isoformat())
    except ValueError:
        return Asked(usual.first, usual.last, usual.by, gettext("A day is written like 2026-11-28."))
    if first > last or last - first > LONGEST:
        return Asked(
            usual.first, usual.last, usual.by, gettext("The first day comes before the last, two years at most.")
        )
    return Asked(first, last, usual.by)


def _by(text: str) -> By:
    return By(text) if text in tuple(By) else By.JOURNEY


COUNTED = (
    *("entered", "waiting", "sent", "delivered", "clicked", "bounced", "complained", "answered", "opted_out", "used"),
    *("written", "booked", "nights", "clicked_first", "control", "control_booked"),
)


def _csv(line: JourneyLine, asked: Asked, shown: Results) -> Iterator[str]:
    """One row a part and currency; counts stand in the first row of a part."""
    yield MARK + row_text(("journey", "from", "to", str(asked.by), *COUNTED, "currency", "revenue", "revenue_unknown"))
    for part in shown.parts or ([shown.whole] if shown.whole else []):
        start = (line.key, asked.first.isoformat(), asked.last.isoformat(), part.key)
        counts: Sequence[object] = [getattr(part.line, name) for name in COUNTED]
        sums: Sequence[tuple[object, ...]] = [(one.currency, f"{one.amount:f}", one.unknown) for one in part.earned]
        for money_of_it in sums or [("", "", "")]:
            yield row_text((*start, *counts, *money_of_it))
            counts = [""] * len(COUNTED)
