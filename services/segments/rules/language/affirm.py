"""A rule without «not» around its groups: denial moved down to the conditions, where words exist for it.

«Not more than 90 days ago» is true of a guest who never checked out: where a fact may be missing, the opposite of a
condition has a second half, «or is not known». The rule means the same as before.
"""

from __future__ import annotations

from services.segments.facts.fact import Kind
from services.segments.rules.language.tree import All, Any, Leaf, Not, Op, Rule

_PAIRS = ((Op.IS, Op.IS_NOT), (Op.IN, Op.NOT_IN), (Op.AT_LEAST, Op.LESS_THAN), (Op.AT_MOST, Op.MORE_THAN))
OPPOSITE = {**dict(_PAIRS), **{other: one for one, other in _PAIRS}}


def affirmed(rule: Rule, *, denied: bool = False) -> Rule:
    """Groups hold no group of their own word, and `Not` stands around tags, beginnings and «is known» alone."""
    if isinstance(rule, Not):
        return affirmed(rule.rule, denied=not denied)
    if isinstance(rule, Leaf):
        return opposite(rule) if denied else rule
    parts = [affirmed(part, denied=denied) for part in rule.rules]
    return joined(All if isinstance(rule, All) is not denied else Any, parts)


def joined(word: type[All] | type[Any], parts: list[Rule]) -> Rule:
    flat: list[Rule] = []
    for part in parts:
        flat += part.rules if isinstance(part, word) else [part]
    return flat[0] if len(flat) == 1 else word(tuple(flat))


def opposite(leaf: Leaf) -> Rule:
    if leaf.op in (Op.KNOWN, Op.STARTS_WITH) or leaf.entry.kind is Kind.TEXTS:
        return Not(leaf)
    known = known_opposite(leaf)
    if leaf.entry.always_known:
        return joined(Any, known)
    return joined(Any, [*known, Not(Leaf(leaf.fact, Op.KNOWN, True, leaf.where))])


def known_opposite(leaf: Leaf) -> list[Rule]:
    if leaf.entry.kind is Kind.TRUTH:
        return [Leaf(leaf.fact, leaf.op, not leaf.value, leaf.where)]
    if leaf.op is Op.BETWEEN and isinstance(leaf.value, tuple):
        low, high = leaf.value
        return [Leaf(leaf.fact, Op.LESS_THAN, low, leaf.where), Leaf(leaf.fact, Op.MORE_THAN, high, leaf.where)]
    return [Leaf(leaf.fact, OPPOSITE[leaf.op], leaf.value, leaf.where)]
