"""The fast path of validation: a column is checked as a whole, by code that runs in C.

Nearly every column of nearly every chunk passes. For the rest, `shared.events.values` checks each value and reports
which is wrong and why. A column that passes here would pass there unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from itertools import chain
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from shared.crypto.sealing import PREFIX, Sealed

ZONE = attrgetter("tzinfo")
Glance = Callable[[list[Any]], bool]
UUIDS = re.compile(r"(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12},)*")


def at_a_glance(hint: Any, values: Any) -> bool:
    """Whether all of a column's values are right, and are written to JSON as they are (or are JSON's already)."""
    try:
        return type(values) is list and _glance(hint)(values)
    except (ValueError, TypeError, AttributeError, KeyError):
        return False


@cache
def _glance(hint: Any) -> Glance:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (inner,) = [argument for argument in arguments if argument is not NoneType]
        within = _glance(inner)
        return lambda values: within([value for value in values if value is not None])
    if origin is list:
        within = _glance(arguments[0])
        return lambda values: _kinds(values) <= {list} and within(list(chain.from_iterable(values)))
    if origin is dict:
        return lambda values: _kinds(values) <= {dict}
    if is_dataclass(hint):
        return _records(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        allowed = frozenset(member.value for member in hint)
        return lambda values: _kinds(values) <= {str, hint} and allowed.issuperset(values)
    return PLAIN[hint]


def _records(kind: Any) -> Glance:
    """Instances of the class, or objects with all of its fields in their order."""
    hints = get_type_hints(kind)
    names = tuple(field.name for field in fields(kind))
    glances = [_glance(hints[name]) for name in names]
    values_of = attrgetter(*names)

    def glance(values: list[Any]) -> bool:
        if not values:
            return True
        kinds = _kinds(values)
        if kinds == {kind}:
            rows = map(values_of, values)
        elif kinds == {dict} and set(map(tuple, values)) == {names}:
            rows = map(tuple, map(dict.values, values))
        else:
            return False
        columns = zip(*rows, strict=True)
        return all(look(list(column)) for look, column in zip(glances, columns, strict=True))

    return glance


def _kinds(values: list[Any]) -> set[type]:
    return set(map(type, values))


def _texts(values: list[Any]) -> bool:
    return _kinds(values) <= {str}


def _numbers(values: list[Any]) -> bool:
    return not values or (_kinds(values) == {int} and min(values) >= -(2**63) and max(values) < 2**63)


def _ids(values: list[Any]) -> bool:
    kinds = _kinds(values)
    if kinds != {str}:
        return kinds <= {UUID}
    text = ",".join(values) + ","
    return len(text) == 37 * len(values) and UUIDS.fullmatch(text) is not None


def _days(values: list[Any]) -> bool:
    kinds = _kinds(values)
    return kinds <= {date} or (kinds == {str} and all(map(date.fromisoformat, values)))


def _instants(values: list[Any]) -> bool:
    kinds = _kinds(values)
    if kinds != {str}:
        return kinds <= {datetime} and set(map(ZONE, values)) <= {UTC}
    return None not in set(map(ZONE, map(datetime.fromisoformat, set(values))))


def _sealed(values: list[Any]) -> bool:
    return _kinds(values) <= {str} and all(value.startswith(PREFIX) for value in values)


PLAIN: dict[Any, Glance] = {
    str: _texts,
    int: _numbers,
    bool: lambda values: _kinds(values) <= {bool},
    UUID: _ids,
    date: _days,
    datetime: _instants,
    Sealed: _sealed,
}
