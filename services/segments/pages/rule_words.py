"""A rule as a sentence: «Guests whose last check-out was at least 3 months ago, and who have no future booking»."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from babel.lists import format_list
from flask_babel import gettext, ngettext

from services.segments.pages.rule_patterns import (
    AMOUNTS,
    CHANNELS,
    CONSENTS,
    EVERYBODY,
    KNOWN,
    OPS,
    REASONS,
    TAGS,
    TEXTS,
    TRUTHS,
)
from services.segments.rules.language.affirm import affirmed
from services.segments.rules.language.tree import All, Any, Leaf, Not, Op, Plain, Rule, Where
from shared.web.i18n.formatting import day, number
from shared.web.i18n.languages import locale

Hotels = Mapping[str, str]
MONTH, YEAR = 30, 365
SOME = {(Op.AT_LEAST, 1), (Op.MORE_THAN, 0)}
NONE = {(Op.IS, 0), (Op.AT_MOST, 0), (Op.LESS_THAN, 1)}
PROPERTIES = ("home_property", "last_property")


def sentence(rule: Rule, hotels: Hotels) -> str:
    """The rule in the reader's language. `hotels`: names by code."""
    plain = affirmed(rule)
    return gettext("Guests %(conditions)s", conditions=_conditions(plain, hotels))


def _conditions(rule: Rule, hotels: Hotels, *, inside: bool = False) -> str:
    """What stands inside another group is set in brackets."""
    if not isinstance(rule, All | Any):
        return _clause(rule, hotels)
    parts = [_conditions(part, hotels, inside=True) for part in rule.rules]
    text = parts[0]
    for part in parts[1:]:
        if isinstance(rule, All):
            text = gettext("%(first)s, and %(next)s", first=text, next=part)
        else:
            text = gettext("%(first)s, or %(next)s", first=text, next=part)
    return gettext("(%(conditions)s)", conditions=text) if inside else text


def _clause(rule: Rule, hotels: Hotels) -> str:
    holds = not isinstance(rule, Not)
    leaf = rule.rule if isinstance(rule, Not) else rule
    assert isinstance(leaf, Leaf), "an affirmed rule denies conditions only"
    text = clause_of(leaf, hotels, holds=holds)
    if which := where_words(leaf.where, hotels, contact=bool(leaf.entry.needs)):
        return gettext("%(clause)s (%(which)s)", clause=text, which=which)
    return text


def clause_of(leaf: Leaf, hotels: Hotels, *, holds: bool) -> str:
    if leaf.fact == "tags":
        return str(TAGS[leaf.op, holds]) % {"value": listed(leaf, hotels)}
    if isinstance(leaf.value, bool) and leaf.op is Op.IS:
        return str(TRUTHS[leaf.fact, leaf.value]) % {"channel": channel(leaf)}
    if leaf.fact in TEXTS:
        return _text_clause(leaf, hotels, holds=holds)
    clause = AMOUNTS[leaf.fact]
    if leaf.op is Op.KNOWN:
        return str(KNOWN.get(leaf.fact, EVERYBODY) if holds else clause.unknown)
    if clause.none is not None and (leaf.op, leaf.value) in NONE | SOME:
        return str(clause.none if (leaf.op, leaf.value) in NONE else clause.some)
    return str(clause.amount) % {"amount": amount(leaf)}


def _text_clause(leaf: Leaf, hotels: Hotels, *, holds: bool) -> str:
    clause = TEXTS[leaf.fact]
    if leaf.op is Op.KNOWN:
        return str(clause.known if holds else clause.unknown) % {"channel": channel(leaf)}
    pattern = clause.yes if leaf.op in (Op.IS, Op.IN) else clause.no
    return str(pattern) % {"value": listed(leaf, hotels), "channel": channel(leaf)}


def channel(leaf: Leaf) -> str:
    return str(CHANNELS[leaf.where.channel[0]]) if leaf.entry.needs else ""


def listed(leaf: Leaf, hotels: Hotels) -> str:
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    named = [value_words(leaf.fact, str(value), hotels) for value in values]
    return format_list(named, "standard" if leaf.op is Op.HAS_ALL else "or", locale())


def value_words(fact: str, value: str, hotels: Hotels) -> str:
    """A text as people call it: a hotel's, country's or language's name, the words of a consent."""
    if fact in PROPERTIES:
        return hotels.get(value, value)
    names: Mapping[str, object] = {
        "country": locale().territories,
        "language": locale().languages,
        "consent": CONSENTS,
        "do_not_contact": REASONS,
    }.get(fact, {})
    return str(names.get(value, value))


def amount(leaf: Leaf) -> str:
    if isinstance(leaf.value, tuple) and leaf.op is Op.BETWEEN:
        low, high = leaf.value
        if low == high:
            return str(OPS[Op.IS]) % {"quantity": quantity(leaf.fact, low)}
        return gettext("%(low)s to %(high)s", low=plain_number(leaf.fact, low), high=quantity(leaf.fact, high))
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    quantities = format_list([quantity(leaf.fact, value) for value in values], "or", locale())
    return str(OPS[leaf.op]) % {"quantity": quantities}


def plain_number(fact: str, value: Plain) -> str:
    share = fact == "spend_against_average"
    return number(Decimal(str(value)) * 100 if share else Decimal(str(value)))


def quantity(fact: str, value: Plain) -> str:
    """A number with what it counts."""
    shown = plain_number(fact, value)
    if fact == "spend_against_average":
        return gettext("%(number)s %%", number=shown)
    count = int(value)
    if fact in UNITS:
        return UNITS[fact](count, shown)
    return shown if fact == "spend" else days(count)


UNITS: Mapping[str, Callable[[int, str], str]] = {
    "stays": lambda count, shown: ngettext("%(shown)s stay", "%(shown)s stays", count, shown=shown),
    "nights": lambda count, shown: ngettext("%(shown)s night", "%(shown)s nights", count, shown=shown),
    "bookings": lambda count, shown: ngettext("%(shown)s booking", "%(shown)s bookings", count, shown=shown),
    "cancellations": lambda count, shown: ngettext("%(shown)s time", "%(shown)s times", count, shown=shown),
    "no_shows": lambda count, shown: ngettext("%(shown)s reservation", "%(shown)s reservations", count, shown=shown),
    "age": lambda count, shown: ngettext("%(shown)s year", "%(shown)s years", count, shown=shown),
}


def days(count: int) -> str:
    """Days, and months or years where they come out even: people think in those."""
    plain = ngettext("%(shown)s day", "%(shown)s days", count, shown=number(count))
    if count > 0 and count % YEAR == 0:
        years = count // YEAR
        named = ngettext("%(shown)s year", "%(shown)s years", years, shown=number(years))
    elif count > 0 and count % MONTH == 0:
        months = count // MONTH
        named = ngettext("%(shown)s month", "%(shown)s months", months, shown=number(months))
    else:
        return plain
    return gettext("%(named)s (%(days)s)", named=named, days=plain)


def where_words(where: Where, hotels: Hotels, *, contact: bool) -> str:
    """Which stays are meant; empty where all are."""
    said = []
    if where.window_days is not None:
        said.append(gettext("in the last %(days)s", days=days(where.window_days)))
    if where.since is not None:
        said.append(gettext("since %(day)s", day=day(where.since)))
    if where.property:
        said.append(gettext("at %(hotels)s", hotels=either(hotels.get(code, code) for code in where.property)))
    if where.channel and not contact:
        said.append(gettext("booked through %(channels)s", channels=either(where.channel)))
    if where.room_type:
        said.append(gettext("room type %(types)s", types=either(where.room_type)))
    if where.market_segment:
        said.append(gettext("market segment %(segments)s", segments=either(where.market_segment)))
    text = ""
    for part in said:
        text = gettext("%(first)s, %(next)s", first=text, next=part) if text else part
    return text


def either(values: Iterable[str]) -> str:
    return format_list(list(values), "or", locale())
