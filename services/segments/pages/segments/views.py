"""What the pages about segments show, put together from queries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import g
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from services.segments.commands.evaluation.ranks import take_first_ranks
from services.segments.facts.fact import Kind, Values
from services.segments.facts.units import Measure
from services.segments.pages.money.money import uncounted_words
from services.segments.pages.segments.date_names import date_called
from services.segments.pages.segments.draft_problems import placed
from services.segments.pages.segments.draft_widgets import Widgets
from services.segments.pages.segments.drafts import EMPTY, DraftGroup, document_of, read_draft
from services.segments.pages.segments.sentence import sentence
from services.segments.pages.segments.which_stays import Names
from services.segments.queries import choices
from services.segments.queries.audiences.lists import journey_names, standing_lists
from services.segments.queries.drafts import DraftMembers, Example, are_many, find_guests
from services.segments.queries.listed import listed
from services.segments.queries.money import uncounted
from services.segments.queries.segments import Reach, SegmentRow
from services.segments.rules.language.nested import expanded, nesting_problems
from services.segments.rules.language.parse import parse
from services.segments.rules.language.tree import Rule, leaves
from services.segments.store.evaluation import ranks
from services.segments.store.evaluation.sweeping import known_zones
from services.segments.store.house_dates import house_dates
from services.segments.store.money.currencies import load_currencies
from services.segments.store.segments import live_rules
from shared.access.scope import EVERYWHERE, Scope
from shared.database.pool import Tx
from shared.errors import InputError
from shared.localtime import local_date
from shared.naming import full_name
from shared.web.access_control import my_hotels, scope
from shared.web.i18n.formatting import number
from shared.web.i18n.shipped_names import shown_name
from shared.web.pages.versions import number_in
from shared.web.site import here

DAYS = 30
WIDTH, HEIGHT = 112, 26


@dataclass(frozen=True)
class SegmentForm:
    """A segment while it is edited. `key`: empty while it is new; `wished_key`: the one typed for it. `back`: the
    editor of the journey whose own condition it is, which nobody else is offered."""

    key: str = ""
    name: str = ""
    version: int = 0
    draft: DraftGroup = EMPTY
    wished_key: str = ""
    back: str = ""

    @classmethod
    def of_form(cls, form: MultiDict[str, str], key: str) -> SegmentForm:
        wished, back = form.get("wished_key", "").strip(), way_back(form)
        return cls(key, form.get("name", "").strip(), number_in(form) or 0, read_draft(form), wished, back)


EDITOR_OF_JOURNEY = re.compile(r"/campaigns/journeys/[a-z0-9-]{1,100}/edit(\?open=[a-z0-9-]{1,100})?")


def way_back(told: Mapping[str, str]) -> str:
    """Only ever the editor of a journey; empty where none is told."""
    back = told.get("back", "")
    return back if EDITOR_OF_JOURNEY.fullmatch(back) else ""


@dataclass(frozen=True)
class Outcome:
    """What the draft would mean: a sentence and whom it holds, or what is wrong with it, by path in the form."""

    sentence: str = ""
    found: DraftMembers | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    uncounted: Sequence[str] = ()
    is_later: bool = False  # the page counts once it is there


@dataclass(frozen=True)
class SegmentListRow:
    """One segment in the list."""

    row: SegmentRow
    short: str
    sentence: str
    reach: Reach | None
    spark: Spark | None


@dataclass(frozen=True)
class Spark:
    """A line over the last days: SVG points, where imports ended, and the change from its first to its last day."""

    points: str
    imports: Sequence[tuple[float, date]]
    change: int


def hotel_names() -> dict[str, str]:
    return {hotel.code: hotel.name for hotel in g.get("hotels", [])}


def names(tx: Tx) -> Names:
    return {
        Values.HOTELS: hotel_names(),
        Values.SEGMENTS: segment_names(tx),
        Values.LISTS: list_names(tx),
        Values.JOURNEYS: journey_names(tx),
        Values.DATES: date_names(tx),
        Measure.MONEY: load_currencies(tx).by_hotel(),
    }


def segment_names(tx: Tx) -> dict[str, str]:
    return {one.key: shown_name(one.name) for one in listed(tx)}


def list_names(tx: Tx) -> dict[str, str]:
    return {one.key: one.name for one in standing_lists(tx)}


def date_names(tx: Tx, among: Scope = EVERYWHERE) -> dict[str, str]:
    """By key what the house's own dates are called."""
    return {one.key: date_called(one) for one in house_dates(tx, among)}


def read_rule(tx: Tx, key: str, draft: DraftGroup) -> tuple[Rule | None, dict[str, str]]:
    """The rule of the draft of that segment, or what is wrong by path in the form."""
    document, places = document_of(draft)
    try:
        rule = parse(document)
    except InputError as error:
        return None, placed(error.problems, places, draft)
    if problems := nesting_problems(key, document, rule, live_rules(tx)):
        return None, placed(problems, places, draft, segment_names(tx))
    return rule, {}


def outcome_of(tx: Tx, form: SegmentForm, *, later: bool = False) -> Outcome:
    """`later`: of very many guests the page comes first, and they are counted after it."""
    rule, problems = read_rule(tx, form.key, form.draft)
    if rule is None:
        return Outcome(problems=problems)
    if later and are_many(tx):
        return Outcome(sentence(rule, names(tx)), is_later=True)
    now = here().now()
    take_first_ranks(tx, rule, now)
    today = {zone: local_date(now, zone) for zone in known_zones(tx)}
    found = find_guests(tx, expanded(rule, live_rules(tx)), today, scope(), form.key)
    return Outcome(sentence(rule, names(tx)), found, uncounted=_uncounted(tx, rule))


def _uncounted(tx: Tx, rule: Rule) -> list[str]:
    """Which stays a rule about money does not see."""
    if not any(leaf.entry.kind is Kind.MONEY for leaf in leaves(rule)):
        return []
    return uncounted_words(uncounted(tx, scope()), load_currencies(tx))


def widgets(tx: Tx, key: str = "") -> Widgets:
    """`key`: of the segment that is edited, which is not offered for its own rule."""
    others = {one: name for one, name in segment_names(tx).items() if one != key}
    return Widgets(
        my_hotels(),
        choices.values_by_fact(tx),
        others,
        load_currencies(tx).by_hotel(),
        list_names(tx),
        journey_names(tx),
        date_names(tx, scope()),
        ranks.taken_on(tx),
    )


def own_problems(error: InputError) -> dict[str, str]:
    """What is wrong with the fields around the rule."""
    words = {
        "name": gettext("Enter a name of up to 120 characters."),
        "key": gettext("Choose another key: letters, digits and hyphens, and none that is taken."),
    }
    return {name: words[name] for name in error.problems if name in words}


def name_of(one: Example) -> str:
    return full_name(one.given_name, one.family_name)


def signed(change: int) -> str:
    return f"{'+' if change > 0 else ''}{number(change)}"


def rule_words(document: Any, known: Names) -> str:
    return sentence(parse(document), known)


def spark_of(days: Sequence[tuple[date, int]], now: int, today: date, imports: Sequence[date]) -> Spark | None:
    """None while there is less than a day to compare with."""
    values = [one for one in days if one[0] < today] + [(today, now)]
    if len(values) < 2:
        return None
    first = today - timedelta(days=DAYS)
    low, high = min(size for _, size in values), max(size for _, size in values)

    def across(day: date) -> float:
        return round((day - first).days / DAYS * WIDTH, 1)

    def up(size: int) -> float:
        return round(HEIGHT - 3 - (size - low) / max(high - low, 1) * (HEIGHT - 6), 1)

    points = " ".join(f"{across(day)},{up(size)}" for day, size in values)
    marks = [(across(day), day) for day in imports if first <= day <= today]
    return Spark(points, marks, now - values[0][1])
