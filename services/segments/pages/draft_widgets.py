"""What the rule's form offers: facts by subject, the questions each can be asked, and how an answer is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.segments.pages.drafts import SHARES, Condition, as_list_text
from services.segments.pages.rule_patterns import CHANNELS, CONSENTS, REASONS
from services.segments.pages.rule_words import PROPERTIES, value_words
from services.segments.rules.language.facts import STAY_FILTERS, Kind
from services.segments.rules.language.tree import EQUALITY, LISTS, OPS, ORDER, Op
from shared.access.people import Hotel

FACTS_BY_SUBJECT = (
    (
        _l("Stays"),
        {
            "last_checkout": _l("last check-out, days ago"),
            "next_arrival": _l("next arrival, days ahead"),
            "stays": _l("number of stays"),
            "nights": _l("number of nights"),
            "spend": _l("spend"),
            "spend_against_average": _l("spend a stay against the hotel's average"),
            "bookings": _l("future bookings"),
            "in_house": _l("in house"),
            "cancellations": _l("cancelled bookings"),
            "no_shows": _l("no-shows"),
        },
    ),
    (
        _l("The last stay"),
        {
            "last_property": _l("hotel of the last stay"),
            "last_channel": _l("booking channel of the last stay"),
            "last_room_type": _l("room type of the last stay"),
            "last_market_segment": _l("market segment of the last stay"),
            "lead_days": _l("days booked ahead"),
        },
    ),
    (
        _l("The person"),
        {
            "birthday_in": _l("next birthday, days ahead"),
            "age": _l("age"),
            "language": _l("language"),
            "country": _l("country"),
            "region": _l("region"),
            "title": _l("title"),
            "tier": _l("tier"),
            "tags": _l("tags"),
            "home_property": _l("home hotel"),
        },
    ),
    (
        _l("Contact"),
        {
            "reachable": _l("can be reached"),
            "consent": _l("consent to marketing"),
            "do_not_contact": _l("do not contact"),
        },
    ),
)
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
}
GROUP_WORDS = {
    "all": _l("all of these hold"),
    "any": _l("at least one of these holds"),
    "none": _l("none of these holds"),
    "not_all": _l("not all of these hold"),
}
UNITS = {
    "last_checkout": _l("days"),
    "next_arrival": _l("days"),
    "birthday_in": _l("days"),
    "lead_days": _l("days"),
    "age": _l("years"),
    "spend_against_average": _l("per cent"),
}
NUMBERS = (*ORDER, *EQUALITY)
FILTERS = {"channel": "last_channel", "room_type": "last_room_type", "market_segment": "last_market_segment"}
"""A filter of stays, and the fact whose values are suggested for it."""


@dataclass(frozen=True)
class Widgets:
    """How each condition is asked for. `known`: values that occur, by fact."""

    hotels: Sequence[Hotel]
    known: Mapping[str, Sequence[str]]

    facts = FACTS_BY_SUBJECT
    groups = GROUP_WORDS
    channels = CHANNELS
    filters = FILTERS

    def ops(self, condition: Condition) -> list[tuple[str, object]]:
        kind = condition.entry.kind
        allowed = NUMBERS if kind in (Kind.WHOLE, Kind.MONEY) else OPS[kind]
        return [(str(op), OP_WORDS[op]) for op in allowed]

    def widget(self, condition: Condition) -> str:
        """none | truth | between | number | numbers | choice | choices | text | texts"""
        op, kind = condition.op, condition.entry.kind
        if op == Op.KNOWN:
            return "none"
        if kind is Kind.TRUTH:
            return "truth"
        several = op in LISTS
        if op == Op.BETWEEN:
            return "between"
        if kind in (Kind.WHOLE, Kind.MONEY):
            return "numbers" if several else "number"
        if self.choices(condition):
            return "choices" if several else "choice"
        return "texts" if several else "text"

    def choices(self, condition: Condition) -> list[tuple[str, str]]:
        """Where there is only so much to choose from: value and its words; what is set stays on offer."""
        fact = condition.fact
        if fact in PROPERTIES:
            offered = {hotel.code: hotel.name for hotel in self.hotels}
        elif fact in ("consent", "do_not_contact"):
            offered = {key: str(text) for key, text in (CONSENTS if fact == "consent" else REASONS).items()}
        elif fact in ("country", "language"):
            offered = {value: value_words(fact, value, {}) for value in self.known.get(fact, ())}
        else:
            return []
        more = {value.strip(): value_words(fact, value.strip(), {}) for value in condition.values if value.strip()}
        return list({**more, **offered}.items()) if offered or more else []

    def hotel_choices(self, condition: Condition) -> list[tuple[str, str]]:
        named = {hotel.code: hotel.name for hotel in self.hotels}
        return list({**{code: code for code in condition.where.get("property", ())}, **named}.items())

    def suggestions(self, fact: str) -> Sequence[str]:
        return self.known.get(fact, ())

    def unit(self, condition: Condition) -> object:
        return UNITS.get(condition.fact, "")

    def can_be_narrowed(self, condition: Condition) -> bool:
        return bool(condition.entry.where & STAY_FILTERS and not condition.entry.needs)

    def has_window(self, condition: Condition) -> bool:
        return condition.entry.window_index is not None

    def has_since(self, condition: Condition) -> bool:
        return "since" in condition.entry.where

    def as_text(self, values: tuple[str, ...]) -> str:
        return as_list_text(values) if len(values) != 1 else values[0]

    def hint(self, condition: Condition) -> str:
        if condition.fact in SHARES:
            return gettext("100 per cent is what a stay brings on average in the hotel of the last stay.")
        return ""
