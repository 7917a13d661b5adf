"""What the rule's form offers: facts by subject, the questions each can be asked, and how an answer is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from iso3166 import countries_by_alpha2

from services.segments.facts import FACTS
from services.segments.facts.fact import Kind, Subject, Values
from services.segments.facts.families.ranks import MEASURES
from services.segments.facts.units import Measure
from services.segments.facts.where import STAY_FILTERS
from services.segments.pages.segments.drafts import NUMERIC, DraftCondition, as_list_text
from services.segments.pages.segments.sentence import currency_in, value_names, value_words
from services.segments.rules.language.tree import EQUALITY, LISTS, OPS, ORDER, Op
from shared.access.people import Hotel
from shared.vocabulary.channel import Channel
from shared.vocabulary.stay import Along, Party, Weekday
from shared.web.i18n.formatting import day
from shared.web.i18n.labels import label, labels

OP_WORDS = {
    Op.IS: _l("is"),
    Op.IS_NOT: _l("is not"),
    Op.IN: _l("is one of"),
    Op.NOT_IN: _l("is none of"),
    Op.AT_LEAST: _l("is at least"),
    Op.AT_MOST: _l("is at most"),
    Op.MORE_THAN: _l("is more than"),
    Op.LESS_THAN: _l("is less than"),
    Op.BETWEEN: _l("is between"),
    Op.HAS: _l("include"),
    Op.HAS_ANY: _l("include one of"),
    Op.HAS_ALL: _l("include all of"),
    Op.KNOWN: _l("is known"),
    Op.STARTS_WITH: _l("begins with"),
}
TEXTS_KNOWN = _l("are there at all")
WITH_UNKNOWN = {"not is": _l("is not, or is not known"), "not in": _l("is none of, or is not known")}
ONLY_KNOWN = {Op.IS_NOT: _l("is known and is not"), Op.NOT_IN: _l("is known and is none of")}
GROUP_WORDS = {
    "all": _l("all of these hold"),
    "any": _l("at least one of these holds"),
    "none": _l("none of these holds"),
    "not_all": _l("not all of these hold"),
}
MOST_BOXES = 24
COUNTRIES = frozenset(countries_by_alpha2)
NUMBERS = (*ORDER, *EQUALITY)
FILTERS = {
    "channel": "last_channel",
    "room_type": "last_room_type",
    "market_segment": "last_market_segment",
    "rate_plan": "last_rate_plan",
    "company": "last_company",
}
"""A filter of stays, and the fact whose values are suggested for it."""


@dataclass(frozen=True)
class Widgets:
    """How each condition is asked for. `known`: values that occur, by fact. `segments`, `lists`, `journeys`,
    `dates`: names by key. `currencies`: of each hotel by code, under «» the reporting currency. `ranked_on`: of which
    day's figures ranks are."""

    hotels: Sequence[Hotel]
    known: Mapping[str, Sequence[str]]
    segments: Mapping[str, str] = field(default_factory=dict)
    currencies: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, str] = field(default_factory=dict)
    journeys: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    ranked_on: date | None = None

    groups = GROUP_WORDS
    filters = FILTERS

    @property
    def facts(self) -> list[tuple[str, dict[str, str]]]:
        """By subject, the facts and what the form calls them."""
        return [
            (label(subject), {fact.name: gettext(fact.label) for fact in FACTS.values() if fact.subject is subject})
            for subject in Subject
        ]

    def asks_for_date(self, condition: DraftCondition) -> bool:
        return "date" in condition.entry.needs

    def asks_for_journey(self, condition: DraftCondition) -> bool:
        return "journey" in condition.entry.needs

    @property
    def channels(self) -> dict[str, str]:
        return labels(Channel)

    def ops(self, condition: DraftCondition) -> list[tuple[str, object]]:
        """Of a text that may be missing, «is not» is offered twice: with the guests of whom nothing is known, and
        without."""
        kind = condition.entry.kind
        allowed = NUMBERS if kind in NUMERIC else OPS[kind]
        offered: list[tuple[str, object]] = []
        for op in allowed:
            if op is Op.STARTS_WITH and condition.entry.values is not Values.FREE:
                continue
            if kind is Kind.TEXT and not condition.entry.always_known and op in ONLY_KNOWN:
                without = "not is" if op is Op.IS_NOT else "not in"
                offered += [(without, WITH_UNKNOWN[without]), (str(op), ONLY_KNOWN[op])]
            else:
                words = TEXTS_KNOWN if kind is Kind.TEXTS and op is Op.KNOWN else OP_WORDS[op]
                offered.append((str(op), words))
        return offered

    def op_chosen(self, condition: DraftCondition) -> str:
        return f"not {condition.op}" if self.is_denied(condition) else str(condition.op)

    def is_denied(self, condition: DraftCondition) -> bool:
        """Whether the question itself says the opposite, so that no box says it again."""
        is_text = condition.entry.kind is Kind.TEXT and not condition.entry.always_known
        return condition.opposite and is_text and f"not {condition.op}" in WITH_UNKNOWN

    def widget(self, condition: DraftCondition) -> str:
        """none | truth | between | number | numbers | choice | choices | text | texts"""
        op, kind, several = condition.op, condition.entry.kind, condition.op in LISTS
        if op == Op.KNOWN:
            return "none"
        match kind:
            case Kind.TRUTH:
                return "truth"
            case Kind.WHOLE | Kind.MONEY:
                return "between" if op == Op.BETWEEN else "numbers" if several else "number"
            case Kind.TEXT | Kind.TEXTS | Kind.MEMBERSHIP:
                if self.choices(condition):
                    return "choices" if several else "choice"
                return "texts" if several else "text"
            case _:
                assert_never(kind)

    def choices(self, condition: DraftCondition) -> list[tuple[str, str]]:
        """Where the values are a closed set: each with its label; a value that is set stays on offer."""
        fact = condition.entry
        names = value_names(fact, self.names)
        match fact.values:
            case Values.FREE:
                return []
            case Values.HOTELS | Values.TERMS | Values.SEGMENTS | Values.LISTS | Values.JOURNEYS | Values.DATES:
                offered = dict(names)
            case Values.COUNTRIES | Values.LANGUAGES:
                seen = {value: names.get(value, value) for value in self.known.get(fact.name, ())}
                offered = seen | dict(sorted(codes_of(fact.values, names).items(), key=lambda one: one[1]))
            case _:
                assert_never(fact.values)
        more = {value.strip(): value_words(fact, value.strip(), {}) for value in condition.values if value.strip()}
        return list({**more, **offered}.items()) if offered or more else []

    @property
    def names(self) -> dict[Values | Measure, dict[str, str]]:
        hotels = {hotel.code: hotel.name for hotel in self.hotels}
        named = {
            Values.SEGMENTS: self.segments,
            Values.LISTS: self.lists,
            Values.JOURNEYS: self.journeys,
            Values.DATES: self.dates,
        }
        return {
            Values.HOTELS: hotels,
            **{kind: dict(names) for kind, names in named.items()},
            Measure.MONEY: dict(self.currencies),
        }

    def hotel_choices(self, condition: DraftCondition) -> list[tuple[str, str]]:
        set_already = {code: code for code in condition.where.get("property", ())}
        return list({**set_already, **self.names[Values.HOTELS]}.items())

    @property
    def parties(self) -> list[tuple[str, str]]:
        return list(labels(Party).items())

    @property
    def along(self) -> list[tuple[str, str]]:
        return list(labels(Along).items())

    @property
    def weekdays(self) -> list[tuple[str, str]]:
        return list(labels(Weekday).items())

    def suggestions(self, fact: str) -> Sequence[str]:
        return self.known.get(fact, ())

    def unit(self, condition: DraftCondition) -> str:
        """What stands beside the number that is typed."""
        unit = condition.entry.unit
        if unit and unit.measure is Measure.MONEY:
            hotels = condition.where.get("property", ())
            return currency_in(hotels[0] if len(hotels) == 1 else None, self.names)
        return gettext(unit.beside) if unit and unit.beside else ""

    def can_be_narrowed(self, condition: DraftCondition) -> bool:
        return bool(condition.entry.where & STAY_FILTERS and not condition.entry.needs)

    def has_days(self, condition: DraftCondition) -> bool:
        """Days between which a date is to lie, asked for beside the question itself."""
        return self.asks_for_date(condition) and "since" in condition.entry.where

    def has_window(self, condition: DraftCondition) -> bool:
        return condition.entry.window_index is not None

    def has_since(self, condition: DraftCondition) -> bool:
        return "since" in condition.entry.where

    def is_long(self, condition: DraftCondition) -> bool:
        """Too many choices for a box each."""
        return len(self.choices(condition)) > MOST_BOXES

    def as_text(self, values: tuple[str, ...]) -> str:
        return as_list_text(values) if len(values) != 1 else values[0]

    def hint(self, condition: DraftCondition) -> str:
        hint = gettext(condition.entry.hint) if condition.entry.hint else ""
        if condition.fact in MEASURES and self.ranked_on:
            return gettext("%(hint)s Last counted as of %(day)s.", hint=hint, day=day(self.ranked_on))
        return hint


def codes_of(values: Values, names: Mapping[str, str]) -> dict[str, str]:
    """Every country and every language that has a name in the reader's language, seen in the data or not."""
    if values is Values.COUNTRIES:
        return {code: name for code, name in names.items() if code in COUNTRIES}
    return {code: name for code, name in names.items() if len(code) == 2}
