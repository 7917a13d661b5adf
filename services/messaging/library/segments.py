"""The segments that a template names in its conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from services.messaging.wording.values import SEGMENT


def segments_in(document: Mapping[str, Any]) -> frozenset[str]:
    """By key, in every language."""
    return frozenset(_named(document.get("locales", {})))


def _named(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        for name, inner in part.items():
            if name == "when" and isinstance(inner, list):
                yield from _of_conditions(inner)
            else:
                yield from _named(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from _named(inner)


def _of_conditions(conditions: list[Any]) -> Iterator[str]:
    for one in conditions:
        if isinstance(one, Mapping) and one.get("of") == SEGMENT and isinstance(one.get("to"), list):
            yield from map(str, one["to"])
