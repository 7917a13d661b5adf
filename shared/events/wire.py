"""Chunks to bytes and back, checked against schemas derived from the dictionary.

Strict when published: a field missing, unknown or of another type is a `MalformedEvent` and nothing is written.
Tolerant when consumed: unknown fields are passed over, a missing field takes its default. Subjects at fault are named
by their place, so that the bus can set them aside and apply the rest.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import MISSING
from functools import cache
from hashlib import sha256
from typing import Any, get_type_hints

import orjson
from marshmallow import EXCLUDE, Schema, ValidationError
from marshmallow import fields as marsh

from shared.errors import MalformedEvent
from shared.events.dictionary import Chunk, EventType, event_type
from shared.events.plain import at_a_glance
from shared.events.values import converters

LARGE = 10_000  # bytes of a body of which a digest is made in a tenth of the time in which its values are looked at
FOUND_RIGHT: deque[tuple[str, bytes]] = deque(maxlen=200)


def encode(chunk: Chunk) -> bytes:
    """The chunk's body: JSON, one list a field. Raises `MalformedEvent`."""
    schema = schema_of(chunk.type)
    try:
        body = schema.plainly(chunk.columns, all_of_it=True) or schema.dump_strictly(chunk.columns)
    except ValidationError as error:
        raise malformed(chunk.type, error) from error
    try:
        return orjson.dumps(body, option=orjson.OPT_UTC_Z)
    except orjson.JSONEncodeError as error:
        raise MalformedEvent(f"{chunk.type.name}: {error}") from error


def decode(name: str, body: bytes, *, republished: bool = False) -> Chunk:
    """The chunk in a body, its values as JSON holds them. Raises `MalformedEvent`; KeyError for an unknown type."""
    entry = event_type(name)
    schema = schema_of(entry)
    try:
        data = _read(body)
        columns = _seen_right(schema, name, body, data) or schema.load(data)
    except ValidationError as error:
        raise malformed(entry, error) from error
    except ValueError as error:
        raise MalformedEvent(f"{name}: the body is not JSON ({error})") from error
    return Chunk(entry, columns, republished)


def _seen_right(schema: ChunkSchema, name: str, body: bytes, data: Any) -> dict[str, list[Any]] | None:
    """The columns, where all are right at a glance. Of a large body it is remembered: where several services work in
    one process, each reads it for itself, and the first one has looked at its values for all."""
    mark = (name, sha256(body).digest()) if len(body) >= LARGE else None
    if mark and mark in FOUND_RIGHT:
        return {column: data[column] for column in schema.of_hints}
    columns = schema.plainly(data)
    if columns and mark:
        FOUND_RIGHT.append(mark)
    return columns


def decode_sound(name: str, body: bytes, *, republished: bool = False) -> tuple[Chunk, dict[int, str]]:
    """Like `decode`, but subjects at fault are left out and returned by place with the reason."""
    try:
        return decode(name, body, republished=republished), {}
    except MalformedEvent as error:
        if not error.subjects:
            raise
        data = _read(body)
        columns = {column: data[column] for column in event_type(name).columns if column in data}
        if len({len(values) for values in columns.values()}) != 1:
            raise MalformedEvent(f"{name}: the fields are not of one length") from error
        sound = [place for place in range(len(next(iter(columns.values())))) if place not in error.subjects]
        kept = {column: [values[place] for place in sound] for column, values in columns.items()}
        return decode(name, json.dumps(kept).encode(), republished=republished), error.subjects


def _read(body: bytes) -> Any:
    """What a body holds. The lenient reader comes second: it also accepts half of a surrogate pair, so that only
    that subject fails and not the message."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return json.loads(body)


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

    of_type: EventType
    of_hints: dict[str, Any]

    def plainly(self, columns: Any, *, all_of_it: bool = False) -> dict[str, list[Any]] | None:
        """The columns, where all are there and right at a glance; with `all_of_it`, where there are no others."""
        if not isinstance(columns, dict) or not columns.keys() >= self.of_hints.keys():
            return None
        if all_of_it and len(columns) > len(self.of_hints):
            return None
        if not all(at_a_glance(hint, columns[name]) for name, hint in self.of_hints.items()):
            return None
        kept = {name: columns[name] for name in self.of_hints}
        return kept if len(set(map(len, kept.values()))) == 1 else None

    def load(self, data: Any, **kwargs: Any) -> dict[str, list[Any]]:
        if not isinstance(data, dict):
            raise ValidationError({"body": ["an object is expected, one list a field"]})
        columns: dict[str, list[Any]] = super().load(data, **kwargs)
        size = len(columns[self.of_type.key[0]])
        for name in self.of_type.columns:
            if name not in columns:
                columns[name] = [self.of_type.default_of(name)] * size
        return self._same_length(columns)

    def dump_strictly(self, columns: dict[str, list[Any]]) -> dict[str, list[Any]]:
        if unknown := set(columns) - set(self.of_type.columns):
            raise ValidationError({name: ["no such field in the dictionary"] for name in sorted(unknown)})
        if missing := set(self.of_type.columns) - set(columns):
            raise ValidationError({name: ["missing"] for name in sorted(missing)})
        body: dict[str, list[Any]] = {}
        errors: dict[str, Any] = {}
        for name in self.of_type.columns:
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
        size = len(columns[self.of_type.key[0]])
        if uneven := [name for name, values in columns.items() if len(values) != size]:
            raise ValidationError({name: [f"not {size} places long"] for name in uneven})
        return columns


@cache
def schema_of(entry: EventType) -> ChunkSchema:
    """The schema of an event type, derived from its class's type hints."""
    hints = get_type_hints(entry.subject)
    columns = {name: Column(hints[name], required=entry.default_of(name) is MISSING) for name in entry.columns}
    ours = {"of_type": entry, "of_hints": {name: hints[name] for name in entry.columns}}
    kind = type(f"{entry.subject.__name__}Schema", (ChunkSchema,), {**columns, **ours})
    schema: ChunkSchema = kind()
    return schema
