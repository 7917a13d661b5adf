"""From JSON to a rule. All errors are found in one pass and named by their JSON pointers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import isfinite
from typing import Any as Json
from typing import assert_never

from services.segments.facts import FACTS
from services.segments.facts.fact import Fact, Kind, Plain
from services.segments.facts.where import LENGTHS, Where
from services.segments.rules.house_dates import is_key
from services.segments.rules.language.tree import LISTS, OPS, All, Any, Leaf, Not, Op, Rule, Value
from shared.errors import InputError, Problem
from shared.vocabulary.channel import Channel

DEEPEST = 20
MOST_LEAVES = 500
MOST_VALUES = 500
LONGEST_TEXT = 200
FURTHEST_DAY = 36_500
GREATEST = 1_000_000_000
WIDEST_WINDOW = 3_650
LONGEST_STAY = 365
NOTHING = Leaf("stays", Op.AT_LEAST, 0)  # stands where an error was found, so that parsing goes on


def parse(document: Json) -> Rule:
    """The rule in a document as `json.loads` gives it. Raises `InputError`, its problems by JSON pointer."""
    reading = Reading()
    rule = reading.rule(document, "", 0)
    if reading.leaves > MOST_LEAVES:
        reading.wrong("", f"more than {MOST_LEAVES} conditions", "too_many_conditions")
    if reading.problems:
        raise InputError("This rule cannot be used.", reading.problems)
    return rule


class Reading:
    def __init__(self) -> None:
        self.problems: dict[str, Problem] = {}
        self.leaves = 0

    def wrong(self, at: str, problem: str, code: str = "unusable") -> None:
        self.problems.setdefault(at, Problem(problem, code))

    def rule(self, document: Json, at: str, depth: int) -> Rule:
        if depth > DEEPEST:
            self.wrong(at, f"nested deeper than {DEEPEST}", "too_deep")
        elif not isinstance(document, Mapping):
            self.wrong(at, "an object expected")
        elif "fact" in document:
            return self.leaf(document, at)
        elif len(document) != 1 or not document.keys() <= {"all", "any", "not"}:
            self.wrong(at, "one of all, any, not, or a condition with its fact, expected")
        elif "not" in document:
            return Not(self.rule(document["not"], f"{at}/not", depth + 1))
        else:
            return self.several(document, at, depth)
        return NOTHING

    def several(self, document: Mapping[str, Json], at: str, depth: int) -> Rule:
        ((word, parts),) = document.items()
        if not isinstance(parts, list) or not parts:
            self.wrong(f"{at}/{word}", "a list of at least one rule expected", "empty_group")
            return NOTHING
        rules = tuple(self.rule(part, f"{at}/{word}/{place}", depth + 1) for place, part in enumerate(parts))
        return All(rules) if word == "all" else Any(rules)

    def leaf(self, document: Mapping[str, Json], at: str) -> Leaf:
        self.leaves += 1
        for word in document.keys() - {"fact", "where", "op", "value"}:
            self.wrong(f"{at}/{pointer(word)}", "unknown; a condition has fact, where, op and value")
        name = document["fact"]
        fact = FACTS.get(name) if isinstance(name, str) else None
        if fact is None:
            self.wrong(f"{at}/fact", "no such fact")
            return NOTHING
        where = self.where(fact, document.get("where", {}), f"{at}/where")
        op = self.op(fact, document.get("op"), f"{at}/op")
        if op is None:
            return NOTHING
        if "value" not in document:
            self.wrong(f"{at}/value", "missing")
            return NOTHING
        value = self.value(fact, op, document["value"], f"{at}/value")
        return Leaf(fact.name, op, value, where)

    def op(self, fact: Fact, word: Json, at: str) -> Op | None:
        allowed = OPS[fact.kind]
        if isinstance(word, str) and word in allowed:
            return Op(word)
        self.wrong(at, f"one of {', '.join(allowed)} expected")
        return None

    def value(self, fact: Fact, op: Op, value: Json, at: str) -> Value:
        if op is Op.KNOWN:
            if value is not True:
                self.wrong(at, "true expected; put the condition into a not for its opposite")
            return True
        if op not in LISTS:
            return self.plain(fact, value, at)
        if not isinstance(value, list) or not value or len(value) > MOST_VALUES:
            self.wrong(at, f"a list of 1 to {MOST_VALUES} values expected")
            return ()
        values = tuple(self.plain(fact, one, f"{at}/{place}") for place, one in enumerate(value))
        if op is Op.BETWEEN and not in_order(values):
            self.wrong(at, "two values expected, the lower one first")
        return values

    def plain(self, fact: Fact, value: Json, at: str) -> Plain:
        match fact.kind:
            case Kind.TRUTH:
                if isinstance(value, bool):
                    return value
            case Kind.TEXT | Kind.TEXTS | Kind.MEMBERSHIP:
                if self.is_text(value, at):
                    return str(value)
            case Kind.WHOLE:
                if isinstance(value, int) and not isinstance(value, bool):
                    return self.bounded(fact, value, at)
            case Kind.MONEY:
                if isinstance(value, int) and not isinstance(value, bool):
                    return self.bounded(fact, value, at)
                if isinstance(value, float) and isfinite(value):
                    return self.bounded(fact, Decimal(str(value)), at)
            case _:
                assert_never(fact.kind)
        self.wrong(at, f"a {'text' if fact.kind is Kind.TEXTS else fact.kind} expected")
        return 0

    def bounded(self, fact: Fact, value: int | Decimal, at: str) -> int | Decimal:
        most = FURTHEST_DAY if fact.turn else GREATEST
        if not -most <= value <= most:
            self.wrong(at, f"between {-most} and {most} expected", "out_of_range")
        return value

    def is_text(self, value: Json, at: str) -> bool:
        if not isinstance(value, str):
            return False
        if not value or len(value) > LONGEST_TEXT or not storable(value):
            self.wrong(at, f"a text of 1 to {LONGEST_TEXT} characters expected")
        return True

    def where(self, fact: Fact, document: Json, at: str) -> Where:
        if not isinstance(document, Mapping):
            self.wrong(at, "an object expected")
            return Where()
        for key in fact.needs - document.keys():
            self.wrong(f"{at}/{key}", "missing")
        read: dict[str, Json] = {}
        for key, value in document.items():
            place = f"{at}/{pointer(key)}"
            if key not in fact.where:
                allowed = ", ".join(sorted(fact.where)) or "nothing"
                self.wrong(place, f"{fact.name} cannot be narrowed by this, only by {allowed}")
            elif key == "window_days":
                read[key] = self.window(fact, value, place)
            elif key == "for_days":
                read[key] = self.days(value, place)
            elif key in ("since", "until"):
                read[key] = self.day(value, place)
            elif key in LENGTHS:
                read[key] = self.length(value, place)
            else:
                read[key] = self.names(fact, key, value, place)
        if fact.needs and "since" in fact.where and not (read.get("since") or read.get("until")):
            self.wrong(f"{at}/since", "a first day, a last day, or both expected", "missing")
        self.contradictions(read, at)
        return Where(**read)

    def contradictions(self, read: Mapping[str, Json], at: str) -> None:
        since, until = read.get("since"), read.get("until")
        if read.get("window_days") and (since or until):
            place = f"{at}/since" if since else f"{at}/until"
            self.wrong(place, "either a window or days to count between, not both", "window_and_since")
        if since and until and until < since:
            self.wrong(f"{at}/until", "no earlier than the first day", "ends_before_it_begins")
        least, most = read.get("min_nights"), read.get("max_nights")
        if least is not None and most is not None and most < least:
            self.wrong(f"{at}/max_nights", "no fewer than the fewest nights", "ends_before_it_begins")

    def length(self, value: Json, at: str) -> int | None:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LONGEST_STAY:
            self.wrong(at, f"a whole number of nights between 0 and {LONGEST_STAY} expected")
            return None
        return value

    def window(self, fact: Fact, value: Json, at: str) -> int | None:
        days = self.days(value, at)
        if days and fact.window_index is None:
            self.wrong(at, f"{fact.name} has no index to sweep by, so time could not move guests across this window")
        return days

    def days(self, value: Json, at: str) -> int | None:
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= WIDEST_WINDOW:
            self.wrong(at, f"a whole number of days between 1 and {WIDEST_WINDOW} expected")
            return None
        return value

    def day(self, value: Json, at: str) -> date | None:
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self.wrong(at, "a day like 2016-01-31 expected")
            return None

    def names(self, fact: Fact, key: str, value: Json, at: str) -> tuple[str, ...]:
        values = value if isinstance(value, list) else [value]
        if not values or len(values) > MOST_VALUES or not all(self.is_text(one, at) for one in values):
            self.wrong(at, "a text or a list of texts expected")
            return ()
        if key == "date":
            return self.one_date(values, at)
        if key == "journey":
            return self.one_journey(values, at)
        if fact.needs and (len(values) != 1 or values[0] not in tuple(Channel)):
            self.wrong(at, f"one of {', '.join(Channel)} expected")
            return ()
        return tuple(values)

    def one_journey(self, values: Sequence[str], at: str) -> tuple[str, ...]:
        if len(values) != 1:
            self.wrong(at, "the key of one journey expected")
            return ()
        return tuple(values)

    def one_date(self, values: Sequence[str], at: str) -> tuple[str, ...]:
        if len(values) != 1 or not is_key(values[0]):
            self.wrong(at, "the key of one of the house's own dates expected")
            return ()
        return tuple(values)


def in_order(values: tuple[int | Decimal | str | bool, ...]) -> bool:
    numbers = [value for value in values if isinstance(value, int | Decimal)]
    return len(values) == len(numbers) == 2 and numbers[0] <= numbers[1]


def pointer(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def storable(text: str) -> bool:
    """PostgreSQL keeps no NUL, and UTF-8 no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
