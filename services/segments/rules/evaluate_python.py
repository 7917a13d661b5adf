"""The second evaluator: a rule held against one guest in plain Python, straight from their profile and stays.

The SQL is tested against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from services.segments.facts.fact import Kind
from services.segments.facts.guest_view import GuestView, Ladder, Today
from services.segments.rules.language.tree import All, Any, Leaf, Not, Op, Rule, compares


def holds(
    rule: Rule,
    guest: GuestView,
    today: date,
    averages: Mapping[str, Decimal],
    cuts: Mapping[str, Sequence[Decimal]] | None = None,
    ladder: Ladder | None = None,
) -> bool:
    """Whether the rule is true of the guest on that local day. `averages`: spend a stay by property. `cuts`: what
    divides guests into hundredths, by measure. `ladder`: the tiers."""
    return _holds(rule, guest, Today(today, averages, cuts or {}, ladder))


def _holds(rule: Rule, guest: GuestView, today: Today) -> bool:
    if isinstance(rule, All):
        return all(_holds(part, guest, today) for part in rule.rules)
    if isinstance(rule, Any):
        return any(_holds(part, guest, today) for part in rule.rules)
    if isinstance(rule, Not):
        return not _holds(rule.rule, guest, today)
    return _leaf_holds(rule, guest, today)


def _leaf_holds(leaf: Leaf, guest: GuestView, today: Today) -> bool:
    match leaf.entry.python(guest, leaf.where, today):
        case None:
            return False
        case frozenset() as texts:
            return _is_member(texts, leaf) if leaf.entry.kind is Kind.MEMBERSHIP else _among_texts(texts, leaf)
        case str() as text:
            return _is_text(text, leaf)
        case bool() as truth:
            return truth == leaf.value
        case number:
            return compares(leaf.op, number, leaf.value)


def _among_texts(texts: frozenset[str], leaf: Leaf) -> bool:
    if leaf.op is Op.KNOWN:
        return bool(texts)
    wanted = {str(one) for one in (leaf.value if isinstance(leaf.value, tuple) else (leaf.value,))}
    return bool(wanted & texts) if leaf.op is Op.HAS_ANY else wanted <= texts


def _is_member(keys: frozenset[str], leaf: Leaf) -> bool:
    asked = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    return any(key in keys for key in asked) is (leaf.op in (Op.IS, Op.IN))


def _is_text(text: str, leaf: Leaf) -> bool:
    if leaf.op is Op.KNOWN:
        return True
    among = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    if leaf.op is Op.STARTS_WITH:
        return text.startswith(str(leaf.value))
    return (text in among) is (leaf.op in (Op.IS, Op.IN))
