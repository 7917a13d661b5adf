"""Chunks to bytes and back, checked against schemas derived from the dictionary.

Strict when published: a field missing, unknown or of another type is a `MalformedEvent` and nothing is written.
Tolerant when consumed: unknown fields are passed over, a missing field takes its default. Subjects at fault are named
by their place, so that the bus can set them aside and apply the rest.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import orjson
from marshmallow import EXCLUDE, Schema, ValidationError
from marshmallow import fields as marsh

from shared.errors import MalformedEvent
from shared.events.dictionary import Chunk, EventType, event_type
from shared.sealing import PREFIX, Sealed

Dump = Callable[[Any], Any]
Load = Callable[[Any], Any]  # returns the value as JSON holds it; raises ValueError

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def encode(chunk: Chunk) -> bytes:
    """The chunk's body: JSON, one list a field. Raises `MalformedEvent`."""
    try:
        body = schema_of(chunk.type).dump_strictly(chunk.columns)
    except ValidationError as error:
        raise malformed(chunk.type, error) from error
    return orjson.dumps(body)


def decode(name: str, body: bytes, *, republished: bool = False) -> Chunk:
    """The chunk in a body, its values as JSON holds them. Raises `MalformedEvent`; KeyError for an unknown type."""
    entry = event_type(name)
    try:
        data = orjson.loads(body)
        columns = schema_of(entry).load(data)
    except ValidationError as error:
        raise malformed(entry, error) from error
    except ValueError as error:
        raise MalformedEvent(f"{name}: the body is not JSON ({error})") from error
    return Chunk(entry, columns, republished)


def decode_sound(name: str, body: bytes, *, republished: bool = False) -> tuple[Chunk, dict[int, str]]:
    """Like `decode`, but subjects at fault are left out and returned by place with the reason."""
    try:
        return decode(name, body, republished=republished), {}
    except MalformedEvent as error:
        if not error.subjects:
            raise
        data = orjson.loads(body)
        columns = {column: data[column] for column in event_type(name).columns if column in data}
        if len({len(values) for values in columns.values()}) != 1:
            raise MalformedEvent(f"{name}: the fields are not of one length") from error
        sound = [place for place in range(len(next(iter(columns.values())))) if place not in error.subjects]
        kept = {column: [values[place] for place in sound] for column, values in columns.items()}
        return decode(name, orjson.dumps(kept), republished=republished), error.subjects


def malformed(entry: EventType, error: ValidationError) -> MalformedEvent:
    """The subjects a validation error names, or the event as a whole."""
    messages = error.messages_dict
    subjects: dict[int, str] = {}
    for column, problem in messages.items():
        if not isinstance(problem, dict):
            return MalformedEvent(f"{entry.name}: {column}: {'; '.join(map(str, problem))}")
        for place, text in problem.items():
            subjects.setdefault(int(place), f"{column}: {text if isinstance(text, str) else '; '.join(text)}")
    first = "; ".join(f"[{place}] {text}" for place, text in list(subjects.items())[:3])
    return MalformedEvent(f"{entry.name}: {first}", subjects)


class Column(marsh.Field[list[Any]]):
    """One field of all subjects: a list whose every place is checked, errors named by place."""

    def __init__(self, hint: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.dump_value, self.load_value = converters(hint)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> list[Any]:
        return self._each(value, self.load_value)

    def dump_list(self, values: list[Any]) -> list[Any]:
        return self._each(values, self.dump_value)

    @staticmethod
    def _each(values: Any, convert: Callable[[Any], Any]) -> list[Any]:
        if not isinstance(values, list):
            raise ValidationError("a list is expected, one place a subject")
        try:
            return [convert(value) for value in values]
        except (ValueError, TypeError, AttributeError, KeyError):
            raise ValidationError(dict(_faults(values, convert))) from None


def _faults(values: list[Any], convert: Callable[[Any], Any]) -> list[tuple[int, str]]:
    found = []
    for place, value in enumerate(values):
        try:
            convert(value)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            found.append((place, str(error) or type(error).__name__))
    return found


class ChunkSchema(Schema):
    """The schema of an event's body; subclasses are made from the dictionary by `schema_of`."""

    class Meta:
        unknown = EXCLUDE

    entry: EventType

    def load(self, data: Any, **kwargs: Any) -> dict[str, list[Any]]:
        if not isinstance(data, dict):
            raise ValidationError({"body": ["an object is expected, one list a field"]})
        columns: dict[str, list[Any]] = super().load(data, **kwargs)
        size = len(columns[self.entry.key[0]])
        for name in self.entry.columns:
            if name not in columns:
                columns[name] = [self.entry.default_of(name)] * size
        return self._same_length(columns)

    def dump_strictly(self, columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
        if unknown := set(columns) - set(self.entry.columns):
            raise ValidationError({name: ["no such field in the dictionary"] for name in sorted(unknown)})
        if missing := set(self.entry.columns) - set(columns):
            raise ValidationError({name: ["missing"] for name in sorted(missing)})
        body: dict[str, list[Any]] = {}
        errors: dict[str, Any] = {}
        for name in self.entry.columns:
            column = self.fields[name]
            assert isinstance(column, Column)
            try:
                body[name] = column.dump_list(columns[name])
            except ValidationError as error:
                errors[name] = error.messages
        if errors:
            raise ValidationError(errors)
        return self._same_length(body)

    def _same_length(self, columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
        size = len(columns[self.entry.key[0]])
        if uneven := [name for name, values in columns.items() if len(values) != size]:
            raise ValidationError({name: [f"not {size} places long"] for name in uneven})
        return columns


@cache
def schema_of(entry: EventType) -> ChunkSchema:
    """The schema of an event type, derived from its class's type hints."""
    hints = get_type_hints(entry.subject)
    columns = {name: Column(hints[name], required=entry.default_of(name) is MISSING) for name in entry.columns}
    kind = type(f"{entry.subject.__name__}Schema", (ChunkSchema,), {**columns, "entry": entry})
    schema: ChunkSchema = kind()
    return schema


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
        elif set(value) != set(parts):  # as JSON holds it: heard, or kept in a table
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
