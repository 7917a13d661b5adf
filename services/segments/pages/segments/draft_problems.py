"""Where in the form a rule's errors belong, and what they mean in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from flask_babel import gettext

from services.segments.facts.fact import Kind
from services.segments.facts.where import LENGTHS
from services.segments.pages.segments.drafts import DraftCondition, DraftGroup, listed, nodes
from services.segments.rules.language.parse import DEEPEST, LONGEST_STAY, MOST_LEAVES, WIDEST_WINDOW
from services.segments.rules.language.tree import LISTS, Op
from shared.errors import Problem


def placed(
    problems: Mapping[str, str], places: Mapping[str, str], draft: DraftGroup, segments: Mapping[str, str] | None = None
) -> dict[str, str]:
    """By path of a node in the form its first problem in words. `segments`: names by key."""
    found: dict[str, str] = {}
    by_path = dict(nodes(draft))
    for pointer, problem in problems.items():
        start = max((one for one in places if pointer == one or pointer.startswith(f"{one}/")), key=len, default="")
        path = places.get(start, "r")
        code = problem.code if isinstance(problem, Problem) else "unusable"
        node, rest = by_path.get(path), pointer[len(start) :].strip("/")
        if code == "segment_cycle" and isinstance(node, DraftCondition):
            key = _value_at(node, rest)
            name = (segments or {}).get(key, key)
            words = gettext(
                "The segment would be inside itself, by way of «%(segment)s»: choose another.", segment=name
            )
        else:
            words = _in_words(rest, node, code)
        found.setdefault(path, words)
    return found


def _in_words(rest: str, node: DraftCondition | DraftGroup | None, code: str) -> str:
    match code:
        case "empty_group":
            return gettext("Nothing stands here yet: add a condition, or remove the group.")
        case "too_deep" | "too_many_conditions":
            return too_large()
        case "ends_before_it_begins":
            return gettext("The end lies before the beginning.")
        case "out_of_range":
            return gettext("This number is too large.")
        case "window_and_since":
            return gettext("Either the last days or a first day, not both.")
        case "unknown_segment":
            return gettext("Choose a segment that still exists.")
        case _:
            return _of_field(rest, node)


def too_large() -> str:
    return gettext(
        "A rule has at most %(leaves)s conditions, and groups at most %(levels)s deep. Split it: save a part as a "
        "segment of its own and name that one here.",
        leaves=MOST_LEAVES,
        levels=DEEPEST,
    )


def _value_at(node: DraftCondition, rest: str) -> str:
    """The value that a pointer such as `value` or `value/2` means."""
    texts = listed(node.values[0]) if node.op in LISTS and len(node.values) == 1 else list(node.values)
    place = rest.partition("/")[2]
    return texts[int(place) if place else 0]


def _of_field(rest: str, node: DraftCondition | DraftGroup | None) -> str:
    if not isinstance(node, DraftCondition):
        return too_large()
    field = rest.split("/")[0:2]
    if field[0] == "value":
        return _of_value(node)
    if field == ["where", "window_days"]:
        return gettext("A whole number of days from 1 to %(most)s is needed.", most=WIDEST_WINDOW)
    if field[0] == "where" and field[-1] in LENGTHS:
        return gettext("A whole number of nights from 0 to %(most)s is needed.", most=LONGEST_STAY)
    if field in (["where", "since"], ["where", "until"]):
        return gettext("A day is needed here.")
    if field == ["where", "date"]:
        return gettext("Choose one of your own dates.")
    if field == ["where", "journey"]:
        return gettext("Choose a journey.")
    if field == ["where", "channel"] and node.entry.needs:
        return gettext("Choose e-mail or text message.")
    return gettext("This condition cannot be used so.")


def _of_value(node: DraftCondition) -> str:
    if node.op == Op.BETWEEN:
        return gettext("Two numbers are needed, the lower one first.")
    match node.entry.kind:
        case Kind.WHOLE:
            return gettext("A whole number is needed.")
        case Kind.MONEY:
            return gettext("A number is needed, such as 120 or 99.50.")
        case Kind.TEXT | Kind.TEXTS | Kind.TRUTH | Kind.MEMBERSHIP:
            return gettext("Enter a value.")
        case _:
            assert_never(node.entry.kind)
