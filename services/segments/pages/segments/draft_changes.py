"""What the buttons of the rule's form do: add, move, remove a condition or a group."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from services.segments.pages.segments.drafts import FIRST, DraftGroup, Node

Path = tuple[int, ...]


def change(draft: DraftGroup, order: str) -> DraftGroup:
    """`order`: what to do and where, as «remove r.0.1». An order that makes no sense changes nothing."""
    verb, _, where = order.partition(" ")
    place = _place(where)
    if place is None or verb not in ("add", "group", "remove", "up", "down"):
        return draft
    if verb in ("add", "group"):
        return _add(draft, place, FIRST if verb == "add" else DraftGroup("any", (FIRST,)))
    return _around(draft, place, verb) if place else draft


def _place(where: str) -> Path | None:
    root, *steps = where.split(".")
    return tuple(map(int, steps)) if root == "r" and all(step.isdecimal() for step in steps) else None


def _add(group: DraftGroup, place: Path, new: Node) -> DraftGroup:
    if not place:
        return replace(group, parts=(*group.parts, new))
    return _inside(group, place[0], lambda part: _add(part, place[1:], new))


def _around(group: DraftGroup, place: Path, verb: str) -> DraftGroup:
    at = place[0]
    if len(place) > 1:
        return _inside(group, at, lambda part: _around(part, place[1:], verb))
    parts = list(group.parts)
    if at >= len(parts):
        return group
    moved = parts.pop(at)
    if verb != "remove":
        parts.insert(max(at - 1, 0) if verb == "up" else at + 1, moved)
    return replace(group, parts=tuple(parts))


def _inside(group: DraftGroup, at: int, act: Callable[[DraftGroup], DraftGroup]) -> DraftGroup:
    if at >= len(group.parts) or not isinstance(inner := group.parts[at], DraftGroup):
        return group
    return replace(group, parts=(*group.parts[:at], act(inner), *group.parts[at + 1 :]))
