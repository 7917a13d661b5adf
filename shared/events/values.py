"""How a value of each type hint of the dictionary is checked and written, and how it is checked when read."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from shared.crypto.sealing import PREFIX, Sealed

Dump = Callable[[Any], Any]
Load = Callable[[Any], Any]  # returns the value as JSON holds it; raises ValueError

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@cache
def converters(hint: Any) -> tuple[Dump, Load]:
    """How a value of that type hint is checked and written, and how it is checked when read."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        (inner,) = [argument for argument in arguments if argument is not NoneType]
        dump, load = converters(inner)
        return (lambda v: None if v is None else dump(v)), (lambda v: None if v is None else load(v))
    if origin is list:
        dump, load = converters(arguments[0])
        return (lambda v: [dump(x) for x in _a(list, v)]), (lambda v: [load(x) for x in _a(list, v)])
    if origin is dict:
        return (lambda v: _a(dict, v)), (lambda v: _a(dict, v))
    if is_dataclass(hint):
        return _record_converters(hint)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        allowed = frozenset(member.value for member in hint)
        return (lambda v: _one_of(allowed, v)), (lambda v: _one_of(allowed, v))
    return _PLAIN[hint]


def _record_converters(kind: Any) -> tuple[Dump, Load]:
    hints = get_type_hints(kind)
    parts = {field.name: converters(hints[field.name]) for field in fields(kind)}
    defaults = {field.name: field.default for field in fields(kind) if field.default is not MISSING}

    def dump(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            value = {name: getattr(_a(kind, value), name) for name in parts}
        elif set(value) != set(parts):  # as JSON holds it: received, or stored in a table
            raise ValueError(f"the fields {', '.join(parts)} expected")
        return {name: part[0](value[name]) for name, part in parts.items()}

    def load(value: Any) -> dict[str, Any]:
        given = {**defaults, **_a(dict, value)}
        return {name: part[1](given[name]) for name, part in parts.items()}

    return dump, load


def _a(kind: type, value: Any) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{kind.__name__} expected, got {type(value).__name__}")
    return value


def _text(value: Any) -> str:
    if type(value) is not str and not isinstance(value, str):
        raise ValueError(f"text expected, got {type(value).__name__}")
    return value if type(value) is str else str.__str__(value)


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise ValueError(f"a whole number expected, got {type(value).__name__}")
    if not -(2**63) <= value < 2**63:
        raise ValueError("a whole number of at most 64 bits expected")
    return value


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise ValueError(f"true or false expected, got {type(value).__name__}")
    return value


def _one_of(allowed: frozenset[str], value: Any) -> str:
    if value not in allowed:
        raise ValueError(f"one of {', '.join(sorted(allowed))} expected")
    return str(value)


def _uuid_out(value: Any) -> str:
    return str(value) if isinstance(value, UUID) else _uuid_in(value)


def _uuid_in(value: Any) -> str:
    if not UUID_TEXT.fullmatch(value):
        raise ValueError("an id (uuid) expected")
    text: str = value
    return text


def _date_out(value: Any) -> str:
    return value.isoformat() if type(value) is date else _date_in(value)


def _date_in(value: Any) -> str:
    try:
        date.fromisoformat(value)
    except (ValueError, TypeError):
        raise ValueError("a date expected") from None  # the value itself might be a guest's: never repeated
    text: str = value
    return text


def _instant_out(value: Any) -> str:
    if not isinstance(value, datetime):
        return _instant_in(value)
    if value.tzinfo is None:
        raise ValueError("an instant needs its zone")
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _instant_in(value: Any) -> str:
    try:
        zone = datetime.fromisoformat(value).tzinfo
    except (ValueError, TypeError):
        raise ValueError("an instant expected") from None
    if zone is None:
        raise ValueError("an instant needs its zone")
    text: str = value
    return text


def _sealed(value: Any) -> str:
    text = _text(value)
    if not text.startswith(PREFIX):
        raise ValueError("this field travels sealed")
    return text


_PLAIN: dict[Any, tuple[Dump, Load]] = {
    str: (_text, _text),
    int: (_whole, _whole),
    bool: (_truth, _truth),
    UUID: (_uuid_out, _uuid_in),
    date: (_date_out, _date_in),
    datetime: (_instant_out, _instant_in),
    Sealed: (_sealed, _sealed),
}
