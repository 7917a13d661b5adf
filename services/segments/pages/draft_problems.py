"""Where in the form a rule's errors belong, and what they mean in words."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from services.segments.facts.fact import Kind
from services.segments.pages.drafts import Condition, Group, nodes
from services.segments.rules.language.parse import WIDEST_WINDOW
from services.segments.rules.language.tree import Op


def placed(problems: Mapping[str, str], places: Mapping[str, str], draft: Group) -> dict[str, str]:
    """By path of a node in the form what is wrong with it; the first problem of each counts."""
    found: dict[str, str] = {}
    by_path = dict(nodes(draft))
    for pointer, problem in problems.items():
        start = max((one for one in places if pointer == one or pointer.startswith(f"{one}/")), key=len, default="")
        path = places.get(start, "r")
        node = by_path.get(path)
        found.setdefault(path, _in_words(pointer[len(start) :].strip("/"), node, problem))
    return found


def _in_words(rest: str, node: Condition | Group | None, problem: str) -> str:
    if not isinstance(node, Condition):
        if rest in ("all", "any"):
            return gettext("Nothing stands here yet: add a condition, or remove the group.")
        return gettext("This rule is nested too deep or has too many conditions.")
    field = rest.split("/")[0:2]
    if field[0] == "value":
        return _of_value(node, problem)
    if field == ["where", "window_days"]:
        return gettext("A whole number of days from 1 to %(most)s is needed.", most=WIDEST_WINDOW)
    if field == ["where", "since"] and "not both" in problem:
        return gettext("Either the last days or a first day, not both.")
    if field == ["where", "since"]:
        return gettext("A day is needed here.")
    if field == ["where", "channel"] and node.entry.needs:
        return gettext("Choose e-mail or SMS.")
    return gettext("This condition cannot be used so.")


def _of_value(node: Condition, problem: str) -> str:
    kind = node.entry.kind
    if problem.startswith("between "):
        return gettext("This number is too large.")
    if node.op == Op.BETWEEN:
        return gettext("Two numbers are needed, the lower one first.")
    if kind is Kind.WHOLE:
        return gettext("A whole number is needed.")
    if kind is Kind.MONEY:
        return gettext("A number is needed, such as 120 or 99.50.")
    return gettext("Say which.")
