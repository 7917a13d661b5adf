"""When a block is shown: where every condition of it holds for this guest. What is not known is only ever `unknown`.

when:
  - {of: stay.nights, is: at_least, to: 3}
  - {of: guest.country, is: one_of, to: [CN, HK]}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from marshmallow import Schema, ValidationError, fields, validates_schema

from services.messaging.wording.values import COMPARED, ValueKind
from shared.vocabulary.term import N_, Term

MOST_WORDS = 50
Facts = Mapping[str, str | int | frozenset[str]]
"""By dotted path, what conditions compare: a code, a number, or a guest's segments. What is not known is absent."""


class Comparison(Term):
    KNOWN = "known", N_("is known")
    UNKNOWN = "unknown", N_("is not known")
    ONE_OF = "one_of", N_("is one of")
    NONE_OF = "none_of", N_("is none of")
    AT_LEAST = "at_least", N_("is at least")
    AT_MOST = "at_most", N_("is at most")


COMPARISONS: Mapping[ValueKind, tuple[Comparison, ...]] = {
    ValueKind.WORD: (Comparison.ONE_OF, Comparison.NONE_OF, Comparison.KNOWN, Comparison.UNKNOWN),
    ValueKind.MEMBERSHIP: (Comparison.ONE_OF, Comparison.NONE_OF),
    ValueKind.NUMBER: (Comparison.AT_LEAST, Comparison.AT_MOST, Comparison.KNOWN, Comparison.UNKNOWN),
}


@dataclass(frozen=True)
class Condition:
    """`to`: words for `one_of` and `none_of`, a number for `at_least` and `at_most`, else nothing."""

    of: str
    comparison: Comparison
    to: frozenset[str] | int | None = None

    def holds(self, facts: Facts) -> bool:
        found = facts.get(self.of)
        match self.comparison:
            case Comparison.KNOWN:
                return found is not None
            case Comparison.UNKNOWN:
                return found is None
            case Comparison.ONE_OF:
                return isinstance(self.to, frozenset) and bool(_words(found) & self.to)
            case Comparison.NONE_OF:
                return isinstance(self.to, frozenset) and found is not None and not _words(found) & self.to
            case Comparison.AT_LEAST:
                return isinstance(self.to, int) and isinstance(found, int) and found >= self.to
            case Comparison.AT_MOST:
                return isinstance(self.to, int) and isinstance(found, int) and found <= self.to
            case never:
                assert_never(never)


def all_hold(conditions: Iterable[Condition], facts: Facts) -> bool:
    return all(condition.holds(facts) for condition in conditions)


class ConditionSchema(Schema):
    of = fields.String(required=True)
    comparison = fields.Enum(Comparison, by_value=True, required=True, data_key="is")
    to = fields.Raw(load_default=None)

    @validates_schema
    def _fits(self, data: dict[str, Any], **_: Any) -> None:
        kind = COMPARED.get(data["of"])
        if kind is None:
            raise ValidationError(f"nothing is compared by «{data['of']}»; there are {', '.join(COMPARED)}", "of")
        if data["comparison"] not in COMPARISONS[kind]:
            raise ValidationError("is no comparison of this value", "is")
        if data["comparison"] in (Comparison.KNOWN, Comparison.UNKNOWN):
            return
        if kind is ValueKind.NUMBER and type(data["to"]) is not int:
            raise ValidationError("is not a whole number", "to")
        if kind is not ValueKind.NUMBER and not _are_words(data["to"]):
            raise ValidationError(f"is not a list of 1 to {MOST_WORDS} words", "to")


def read_condition(part: Mapping[str, Any]) -> Condition:
    """A part that the schema has passed."""
    to = part["to"]
    return Condition(part["of"], part["comparison"], frozenset(to) if isinstance(to, list) else to)


def _words(found: str | int | frozenset[str] | None) -> frozenset[str]:
    if isinstance(found, frozenset):
        return found
    return frozenset() if found is None else frozenset({str(found)})


def _are_words(given: Any) -> bool:
    if not isinstance(given, list) or not 0 < len(given) <= MOST_WORDS:
        return False
    return all(isinstance(one, str) and one for one in given)
