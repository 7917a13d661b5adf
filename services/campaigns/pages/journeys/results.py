"""What a journey brought: how many, what they booked, and against whom that is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from babel import dates, numbers
from flask import Blueprint, Response, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.campaigns.commands.count_results import Asking, Counted, count_goals, count_results
from services.campaigns.pages.journeys.asked_results import Asked, asked_results
from services.campaigns.pages.journeys.drawn_results import ON_THE_DRAWING, Drawn, Part, drawn_results
from services.campaigns.pages.journeys.lines import line_of
from services.campaigns.pages.journeys.results_table import rows
from services.campaigns.pages.neighbours import choices
from services.campaigns.pages.sentences.goals import goal_words
from services.campaigns.pages.sentences.names import Names
from services.campaigns.pages.steps import sentence, with_messages
from services.campaigns.pages.steps.split import way_name
from services.campaigns.queries.goal_results import GoalLine
from services.campaigns.queries.journeys import JourneyLine, Version, versions
from services.campaigns.queries.results import (
    ANY,
    By,
    ResultLine,
    Revenue,
    Spent,
    Window,
)
from services.campaigns.rules.document import goals_in
from services.campaigns.rules.goals import CHIEF, name_of
from services.campaigns.rules.results import Group, Lift, lift, wilson
from services.campaigns.steps.kind import Document
from services.campaigns.store.broadcasts import is_broadcast
from shared.access.people import May
from shared.vocabulary.channel import Channel
from shared.web.access_control import needs, scope
from shared.web.i18n.formatting import day as day_words
from shared.web.i18n.formatting import money, number
from shared.web.i18n.labels import label
from shared.web.i18n.languages import language_name, locale
from shared.web.site import here

found = Blueprint("campaigns_results", __name__, url_prefix="/campaigns/journeys/<key>")
WITHIN = timedelta(days=30)  # where a journey has no goal
NAMES = {
    By.JOURNEY: _l("all together"),
    By.STEP: _l("message"),
    By.VERSION: _l("version"),
    By.WAY: _l("way of a split"),
    By.HOTEL: _l("hotel"),
    By.MONTH: _l("month of entry"),
    By.DAY: _l("day of entry"),
    By.CHANNEL: _l("channel"),
    By.LANGUAGE: _l("language"),
}


@dataclass(frozen=True)
class Comparison:
    """The share of guests who booked, with its 95 per cent interval, of those written to and of the control group."""

    written: tuple[str, str]
    control: tuple[str, str]
    lift: str
    is_certain: bool


@dataclass(frozen=True)
class GoalShown:
    """How many guests reached a goal, of those written to and of the control group."""

    words: str
    reached: int
    control: int


@dataclass(frozen=True)
class Results:
    """Of one journey, on the days that were asked for. `whole` is None where nobody entered on them; `within`: how many
    days after a message a booking is its own; `counted_at`: when it was counted, which may be an hour ago, None where
    it is being counted for the first time; `is_awaited`: newer figures are being counted; `versions`: that can be
    looked at alone, where there are several."""

    line: JourneyLine
    asked: Asked
    within: int
    whole: Part | None
    parts: list[Part]
    comparison: Comparison | None
    is_broadcast: bool
    goals: list[GoalShown]
    counted_at: datetime | None
    is_awaited: bool
    drawn: Drawn | None
    versions: list[tuple[int, str]]


@found.get("/results")
@needs(May.SEE_FIGURES)
def results(key: str) -> str:
    shown = _results_of(key)
    figures = vars(shown.drawn) if shown.drawn else {}
    return render_template("results.html", by=NAMES, now=here().now(), **vars(shown), **figures)


@found.get("/results.csv")
@needs(May.SEE_FIGURES)
def table(key: str) -> Response:
    shown = _results_of(key, waits=True)
    asked = shown.asked
    start = (key, asked.first.isoformat(), asked.last.isoformat())
    parts = [(part.key, part.line) for part in shown.parts or ([shown.whole] if shown.whole else [])]
    response = Response(rows(start, str(asked.by), parts), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{key}-{shown.asked.first}-{shown.asked.last}.csv"'
    return response


def _results_of(key: str, *, waits: bool = False) -> Results:
    """`waits`: until all is counted, however long that takes."""
    asked, asking = asked_results(), Asking(scope(), here().now(), request.args.get("anew") == "1", waits)
    first, after = (datetime.combine(day, time(), UTC) for day in (asked.first, asked.last + timedelta(days=1)))
    names = choices().names if asked.by in ON_THE_DRAWING else {}
    with here().transaction() as tx:
        line, known, sent_once = line_of(tx, key), versions(tx, key), is_broadcast(tx, key)
        document = _shown_version(known, line, asked.version)
        window = Window(first, after, _within(document), asked.version)
        counted = [count_results(tx, key, window, By.JOURNEY, asking)]
        whole = next(iter(_parts(counted[0], By.JOURNEY, {})), None)
        named = _step_names(known, names) if asked.by is By.STEP else {}
        parts: list[Part] = []
        if asked.by is not By.JOURNEY:
            counted.append(count_results(tx, key, window, asked.by, asking))
            parts = _parts(counted[-1], asked.by, named)
        counted.append(count_goals(tx, key, window, asking))
        goals = _goals(document, counted[-1].goals) if whole and document else []
    drawn = drawn_results(asked.by, document, names, parts) if parts and document else None
    compared = _compared(whole.line) if whole else None
    days, awaited = window.within.days, any(one.is_awaited for one in counted)
    oldest, named_versions = _oldest(counted), _choice_of(known)
    return Results(line, asked, days, whole, parts, compared, sent_once, goals, oldest, awaited, drawn, named_versions)


def _oldest(counted: Sequence[Counted]) -> datetime | None:
    """When the oldest of the figures were counted; None where some never were yet."""
    instants = [one.at for one in counted if one.at]
    return min(instants) if len(instants) == len(counted) else None


def _shown_version(known: Sequence[Version], line: JourneyLine, wanted: int) -> Document | None:
    """The one that is wanted, else what guests enter now, else what was published last; None: nothing ever was."""
    shown = wanted if wanted != ANY else line.live_version
    newest = known[0].document if known else None
    return next((one.document for one in known if one.version == shown), newest)


def _choice_of(known: Sequence[Version]) -> list[tuple[int, str]]:
    """Of one version there is nothing to choose."""
    if len(known) < 2:
        return []
    return [(ANY, str(gettext("all"))), *((one.version, _part_name(By.VERSION, str(one.version))) for one in known)]


def _goals(document: Document, lines: Sequence[GoalLine]) -> list[GoalShown]:
    """Those of one version, reached or not."""
    by_goal = {one.goal: one for one in lines}
    found = []
    for goal in goals_in(document):
        line = by_goal.get(CHIEF if goal == document["goal"] else name_of(goal))
        found.append(GoalShown(goal_words(goal), *((line.reached, line.control) if line else (0, 0))))
    return found


def _parts(counted: Counted, by: By, named: Mapping[str, str]) -> list[Part]:
    return [Part(one.part, named.get(one.part) or _part_name(by, one.part), one) for one in counted.lines]


def _within(document: Document | None) -> timedelta:
    goal = document.get("goal") if document else None
    return timedelta(days=goal["within_days"]) if goal else WITHIN


def _step_names(known: Sequence[Version], names: Names) -> dict[str, str]:
    """Those of the newest version that has the step."""
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
    if by is By.DAY:
        return day_words(date.fromisoformat(part))
    if by is By.CHANNEL:
        return label(Channel(part)) if part in list(Channel) else str(gettext("none, or not known any more"))
    if by is By.LANGUAGE:
        return language_name(part) if part else str(gettext("none, or not known any more"))
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


def spent_words(sums: Sequence[Spent]) -> str:
    return " + ".join(money(one.amount, one.currency) for one in sums) if sums else "–"


def returns(line: ResultLine) -> list[tuple[str, Decimal]]:
    """By currency, how much was earned for each unit that messages cost; only where both are known in it."""
    earned = {one.currency: one.amount for one in line.earned}
    return [
        (one.currency, earned[one.currency] / one.amount)
        for one in line.spent
        if one.amount > 0 and one.currency in earned
    ]


@found.app_context_processor
def _context() -> dict[str, object]:
    return {
        "earned_words": earned_words,
        "spent_words": spent_words,
        "returns": returns,
        "share": lambda part, whole: _share(part / whole) if whole else "–",
    }
