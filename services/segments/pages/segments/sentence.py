"""A rule as a sentence: «Guests whose last check-out was at least 3 months ago, and who have no future booking»."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import assert_never

from babel.lists import format_list
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from services.segments.facts.clauses import AmountClause, TextClause, TextsClause, TruthClause
from services.segments.facts.fact import Fact, Kind, Plain, Values
from services.segments.facts.units import Measure, Unit
from services.segments.pages.segments.which_stays import Names, days, where_words
from services.segments.rules.language.affirm import affirmed
from services.segments.rules.language.tree import All, Any, Leaf, Not, Op, Rule
from services.segments.rules.money.currencies import NOT_KNOWN
from shared.vocabulary.channel import Channel
from shared.vocabulary.term import N_
from shared.web.i18n.formatting import money, number
from shared.web.i18n.labels import label, labels
from shared.web.i18n.languages import locale

ONLY_KNOWN = N_("%(clause)s (only where it is known)")
ALSO_UNKNOWN = N_("%(clause)s (also where it is not known)")
SOME = {(Op.AT_LEAST, 1), (Op.MORE_THAN, 0)}
NONE = {(Op.IS, 0), (Op.AT_MOST, 0), (Op.LESS_THAN, 1)}
QUANTITIES = {
    Op.IS: _l("exactly %(quantity)s"),
    Op.IS_NOT: _l("not exactly %(quantity)s"),
    Op.IN: _l("exactly %(quantity)s"),
    Op.NOT_IN: _l("not exactly %(quantity)s"),
    Op.AT_LEAST: _l("at least %(quantity)s"),
    Op.AT_MOST: _l("at most %(quantity)s"),
    Op.MORE_THAN: _l("more than %(quantity)s"),
    Op.LESS_THAN: _l("less than %(quantity)s"),
}


def sentence(rule: Rule, names: Names) -> str:
    """The rule in the reader's language."""
    plain = affirmed(rule)
    return gettext("Guests %(conditions)s", conditions=_conditions(plain, names))


def short_sentence(rule: Rule, names: Names) -> str:
    """The first condition, and how many more there are: for a list."""
    plain = affirmed(rule)
    if not isinstance(plain, All | Any) or (isinstance(plain, Any) and _or_unknown(plain)):
        return sentence(rule, names)
    conditions = list(leaves_first(plain))
    first = next((one for one in conditions if not _says_little(one)), conditions[0])
    more = len(plain.rules) - 1
    text = gettext("Guests %(conditions)s", conditions=_clause(first, names))
    if isinstance(plain, Any):
        shown = number(more)
        return ngettext(
            "%(first)s, or %(count)s other way", "%(first)s, or %(count)s other ways", more, first=text, count=shown
        )
    return ngettext(
        "%(first)s, and %(count)s more condition",
        "%(first)s, and %(count)s more conditions",
        more,
        first=text,
        count=number(more),
    )


def _says_little(rule: Rule) -> bool:
    """«Who have stayed before» is true of most, and tells segments apart no more than their names do."""
    return (
        isinstance(rule, Leaf) and rule.fact == "stays" and (rule.op, rule.value) in SOME and not rule.where.narrows()
    )


def leaves_first(rule: Rule) -> Iterator[Rule]:
    """The conditions of an affirmed rule, in their order."""
    if isinstance(rule, All | Any):
        for part in rule.rules:
            yield from leaves_first(part)
    else:
        yield rule


def clause_words(rule: Rule, names: Names) -> str:
    """One condition of an affirmed rule."""
    return _clause(rule, names)


def _conditions(rule: Rule, names: Names, *, inside: bool = False) -> str:
    """What stands inside another group is set in brackets."""
    if not isinstance(rule, All | Any):
        return _clause(rule, names)
    if isinstance(rule, Any) and (leaf := _or_unknown(rule)):
        return _clause(leaf, names, also_unknown=True)
    parts = [_conditions(part, names, inside=True) for part in rule.rules]
    text = parts[0]
    for part in parts[1:]:
        if isinstance(rule, All):
            text = gettext("%(first)s, and %(next)s", first=text, next=part)
        else:
            text = gettext("%(first)s, or %(next)s", first=text, next=part)
    return gettext("(%(conditions)s)", conditions=text) if inside else text


def _or_unknown(rule: Any) -> Leaf | None:
    """The «is not» of a text in «is not, or is not known»: both are said at once."""
    first, *rest = rule.rules
    if not isinstance(first, Leaf) or first.op not in (Op.IS_NOT, Op.NOT_IN) or first.entry.kind is not Kind.TEXT:
        return None
    return first if rest == [Not(Leaf(first.fact, Op.KNOWN, True, first.where))] else None


def _clause(rule: Rule, names: Names, *, also_unknown: bool = False) -> str:
    holds = not isinstance(rule, Not) and not also_unknown
    leaf = rule.rule if isinstance(rule, Not) else rule
    assert isinstance(leaf, Leaf), "an affirmed rule denies conditions only"
    text = clause_of(leaf, names, holds=holds)
    if which := where_words(leaf.where, names, contact=bool(leaf.entry.needs)):
        return gettext("%(clause)s (%(which)s)", clause=text, which=which)
    return text


def clause_of(leaf: Leaf, names: Names, *, holds: bool) -> str:
    clause = leaf.entry.clause
    match clause:
        case TextsClause():
            return gettext(_texts_pattern(clause, leaf.op, holds=holds), value=listed(leaf, names))
        case TruthClause():
            return gettext(clause.yes if leaf.value else clause.no, **_asked_of(leaf, names))
        case TextClause():
            return _text_words(clause, leaf, names, holds=holds)
        case AmountClause():
            return _amount_words(clause, leaf, names, holds=holds)
        case _:
            assert_never(clause)


def _text_words(clause: TextClause, leaf: Leaf, names: Names, *, holds: bool) -> str:
    """Of a value that may be missing, «is not» says whether guests without it are meant."""
    by = _asked_of(leaf, names)
    if leaf.op is Op.KNOWN:
        return gettext(clause.known if holds else clause.unknown, **by)
    if leaf.op is Op.STARTS_WITH:
        begins = gettext("something that begins with «%(start)s»", start=leaf.value)
        text = gettext(clause.yes if holds else clause.no, value=begins, **by)
        return text if holds or not clause.unknown else gettext(ALSO_UNKNOWN, clause=text)
    text = gettext(clause.yes if leaf.op in (Op.IS, Op.IN) else clause.no, value=listed(leaf, names), **by)
    if leaf.op in (Op.IS_NOT, Op.NOT_IN) and clause.unknown and not clause.plain:
        return gettext(ALSO_UNKNOWN if not holds else ONLY_KNOWN, clause=text)
    return text


def _texts_pattern(clause: TextsClause, op: Op, *, holds: bool) -> str:
    if op is Op.KNOWN:
        return clause.some if holds else clause.none
    if op is Op.HAS:
        return clause.has if holds else clause.lacks
    if op is Op.HAS_ANY:
        return clause.has_any if holds else clause.lacks_any
    return clause.has_all if holds else clause.lacks_all


def _amount_words(clause: AmountClause, leaf: Leaf, names: Names, *, holds: bool) -> str:
    by = _asked_of(leaf, names)
    if leaf.op is Op.KNOWN:
        return gettext(clause.known if holds else clause.unknown, **by)
    if clause.none and (leaf.op, leaf.value) in NONE | SOME:
        return gettext(clause.none if (leaf.op, leaf.value) in NONE else clause.some)
    return gettext(clause.amount, amount=amount(leaf, names), **by)


def channel(leaf: Leaf) -> str:
    return label(Channel(leaf.where.channel[0])) if "channel" in leaf.entry.needs else ""


def _asked_of(leaf: Leaf, names: Names) -> dict[str, str]:
    """What the channel, the house's own date or the journey is called that a condition names; the key of one that is no
    longer there."""
    kinds = {"date": (leaf.where.date, Values.DATES), "journey": (leaf.where.journey, Values.JOURNEYS)}
    called = {name: names.get(kind, {}).get(keys[0], keys[0]) if keys else "" for name, (keys, kind) in kinds.items()}
    return {"channel": channel(leaf), **called}


def listed(leaf: Leaf, names: Names) -> str:
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    named = [value_words(leaf.entry, str(value), names) for value in values]
    if leaf.entry.values in (Values.SEGMENTS, Values.LISTS, Values.JOURNEYS):
        named = [gettext("«%(name)s»", name=name) for name in named]
    return format_list(named, "standard" if leaf.op is Op.HAS_ALL else "or", locale())


def value_words(fact: Fact, value: str, names: Names) -> str:
    """A text as people read it: a hotel's, country's or language's name, the words of a consent."""
    return value_names(fact, names).get(value, value)


def value_names(fact: Fact, names: Names) -> Mapping[str, str]:
    match fact.values:
        case Values.FREE:
            return {}
        case Values.HOTELS | Values.SEGMENTS | Values.LISTS | Values.JOURNEYS | Values.DATES:
            return names.get(fact.values, {})
        case Values.COUNTRIES:
            territories: Mapping[str, str] = locale().territories
            return territories
        case Values.LANGUAGES:
            languages: Mapping[str, str] = locale().languages
            return languages
        case Values.TERMS:
            return labels(fact.terms) if fact.terms else {}
        case _:
            assert_never(fact.values)


def currency_in(where_hotel: str | None, names: Names) -> str:
    """What money is in: of one hotel in its currency, else in the reporting currency."""
    known = names.get(Measure.MONEY, {})
    return known.get(where_hotel or "", NOT_KNOWN)


def amount(leaf: Leaf, names: Names) -> str:
    unit = leaf.entry.unit
    assert unit is not None, "a number counts something"
    currency = currency_in(leaf.where.one_hotel(), names)
    if isinstance(leaf.value, tuple) and leaf.op is Op.BETWEEN:
        low, high = leaf.value
        if low == high:
            return str(QUANTITIES[Op.IS]) % {"quantity": quantity(unit, low, currency)}
        first = quantity(unit, low, currency) if unit.measure is Measure.MONEY else plain_number(unit, low)
        return gettext("%(low)s to %(high)s", low=first, high=quantity(unit, high, currency))
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    quantities = format_list([quantity(unit, value, currency) for value in values], "or", locale())
    return str(QUANTITIES[leaf.op]) % {"quantity": quantities}


def plain_number(unit: Unit, value: Plain) -> str:
    share = unit.measure is Measure.SHARE
    return number(Decimal(str(value)) * 100 if share else Decimal(str(value)))


def quantity(unit: Unit, value: Plain, currency: str) -> str:
    """A number with what it counts. `currency`: of money."""
    shown = plain_number(unit, value)
    match unit.measure:
        case Measure.SHARE:
            return gettext("%(number)s %%", number=shown)
        case Measure.MONEY:
            return money(Decimal(str(value)), currency)
        case Measure.COUNT:
            return ngettext(*unit.number, int(value) if value == int(value) else 2, shown=shown)
        case Measure.DAYS:
            return days(int(value))
        case _:
            assert_never(unit.measure)
