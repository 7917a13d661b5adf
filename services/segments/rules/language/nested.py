"""Segments in the rules of others: each stands for its own rule, so that one statement evaluates all of them at once.

A change that moves a guest in the inner segment moves them in the outer one in the same evaluation, and the days on
which time moves the inner one count for the outer one. Rules that run in a circle are refused when they are saved.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any as Json

from services.segments.facts import FACTS
from services.segments.facts.fact import Kind
from services.segments.rules.language.parse import MOST_LEAVES
from services.segments.rules.language.tree import All, Any, Leaf, Not, Op, Rule, leaves
from shared.errors import Problem

MOST_LEVELS = 5
Rules = Mapping[str, Rule]
"""The rules of the live segments, by key."""


def expanded(rule: Rule, rules: Rules, inside: frozenset[str] = frozenset()) -> Rule:
    """The rule with those of the segments it names in their places. `inside`: the segments around it."""
    if isinstance(rule, Not):
        return Not(expanded(rule.rule, rules, inside))
    if isinstance(rule, All | Any):
        return type(rule)(tuple(expanded(part, rules, inside) for part in rule.rules))
    if rule.entry.kind is not Kind.MEMBERSHIP:
        return rule
    parts = tuple(_named(rule, key, rules, inside) for key in keys_of(rule))
    member = parts[0] if len(parts) == 1 else Any(parts)
    return member if rule.op in (Op.IS, Op.IN) else Not(member)


def _named(leaf: Leaf, key: str, rules: Rules, inside: frozenset[str]) -> Rule:
    """A segment that is not live has no members: its leaf stays, and holds for nobody. Where it is to have held for
    some days, the leaf that asks for it stays beside its rule."""
    if key in inside or key not in rules:
        return Leaf(leaf.fact, Op.IS, key)
    named = expanded(rules[key], rules, inside | {key})
    return named if leaf.where.for_days is None else All((named, Leaf(leaf.fact, Op.IS, key, leaf.where)))


def keys_of(leaf: Leaf) -> tuple[str, ...]:
    return tuple(str(key) for key in (leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)))


def uses(rule: Rule) -> frozenset[str]:
    """The segments that a rule names itself."""
    memberships = (leaf for leaf in leaves(rule) if leaf.entry.kind is Kind.MEMBERSHIP)
    return frozenset(key for leaf in memberships for key in keys_of(leaf))


def timed_in(rule: Rule) -> frozenset[str]:
    """The segments of which a rule, or one inside it that is expanded, asks for how long somebody has been in."""
    timed = (leaf for leaf in leaves(rule) if leaf.where.for_days is not None)
    return frozenset(key for leaf in timed for key in keys_of(leaf))


def users_of(key: str, rules: Rules) -> list[str]:
    """The segments that name this one, themselves or through others, in order of their keys."""
    found: set[str] = set()
    reached = {key}
    while reached:
        found |= reached
        reached = {other for other, rule in rules.items() if uses(rule) & reached} - found
    return sorted(found - {key})


def nesting_problems(key: str, document: Json, rule: Rule, rules: Rules) -> dict[str, Problem]:
    """What is wrong with the segments that a sound rule names, by JSON pointer. `key`: the segment to have the rule."""
    found: dict[str, Problem] = {}
    circular = {key, *users_of(key, rules)}
    for at, named in _named_at(document, ""):
        if named in circular:
            found[at] = Problem(f"this segment would be inside itself, by way of «{named}»", "segment_cycle")
        elif named not in rules:
            found[at] = Problem("no live segment has this key", "unknown_segment")
    if found:
        return found
    after = {**rules, key: rule}
    weights: dict[str, tuple[int, int]] = {}
    for one in (key, *users_of(key, after)):
        leaf_count, levels = _weight(one, after, weights)
        if leaf_count > MOST_LEAVES:
            text = f"more than {MOST_LEAVES} conditions in «{one}», with those of the segments inside it"
            return {"": Problem(text, "too_many_conditions")}
        if levels > MOST_LEVELS:
            return {"": Problem(f"more than {MOST_LEVELS} segments inside one another in «{one}»", "too_deep")}
    return {}


def _weight(key: str, rules: Rules, known: dict[str, tuple[int, int]]) -> tuple[int, int]:
    """How many conditions a segment has when all is expanded, and how many segments lie inside one another."""
    if key not in known:
        count, levels = 0, 0
        for leaf in leaves(rules[key]):
            inner = [_weight(one, rules, known) for one in keys_of(leaf)] if leaf.entry.kind is Kind.MEMBERSHIP else []
            count += sum(conditions for conditions, _ in inner) or 1
            levels = max([levels, *(depth + 1 for _, depth in inner)])
        known[key] = count, levels
    return known[key]


def _named_at(document: Json, at: str) -> Iterator[tuple[str, str]]:
    """Each segment that a sound document names, with the JSON pointer to its key."""
    if "fact" in document:
        if FACTS[document["fact"]].kind is Kind.MEMBERSHIP:
            value = document["value"]
            several = enumerate(value) if isinstance(value, list) else ()
            yield from ((f"{at}/value/{place}", one) for place, one in several)
            if not isinstance(value, list):
                yield f"{at}/value", value
    elif "not" in document:
        yield from _named_at(document["not"], f"{at}/not")
    else:
        ((word, parts),) = document.items()
        for place, part in enumerate(parts):
            yield from _named_at(part, f"{at}/{word}/{place}")
