"""How an event is declared, and the chunk in which its subjects travel.

A subject's class is declared once, with type hints; the marshmallow schema is derived from them (`shared.events.wire`).
An event's body is columnar: `{"stay_id": [...], "version": [...], ...}`, one list a field, one place a subject. A chunk
of 500 stays is checked column by column and unpacked by one statement (`unnest`), never by a loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from functools import cache
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

from shared.rows import named_row

C = TypeVar("C", bound=type)


class Lane(StrEnum):
    """A survey never stands behind a campaign: wherever things wait, they wait in one of two lanes."""

    STAY = "stay"
    MARKETING = "marketing"


@dataclass(frozen=True)
class EventType:
    """One entry of the dictionary.

    `name`: the type and its version, `stay.booked.v1`. `publishers`: the services that may publish it. `key`: the
    fields that identify a subject. `lane`: the lane it takes unless the publisher chooses another. `subject`: the
    dataclass.
    """

    name: str
    publishers: tuple[str, ...]
    key: tuple[str, ...]
    lane: Lane
    subject: type

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(field.name for field in fields(self.subject))

    def default_of(self, column: str) -> Any:
        """The value a subscriber takes where an older publisher left the field out; `MISSING` where it is required."""
        field = next(field for field in fields(self.subject) if field.name == column)
        return field.default_factory() if field.default_factory is not MISSING else field.default


_by_name: dict[str, EventType] = {}
_by_subject: dict[type, EventType] = {}


@dataclass_transform(kw_only_default=True, frozen_default=True)
def event(
    name: str, *, by: str | tuple[str, ...], key: str | tuple[str, ...], lane: Lane = Lane.STAY
) -> Callable[[C], C]:
    """Enter a class in the dictionary: `@event("stay.booked.v1", by="segments", key="stay_id")`."""

    def enter(kind: C) -> C:
        subject = named_row(kind)
        entry = EventType(
            name=name,
            publishers=(by,) if isinstance(by, str) else by,
            key=(key,) if isinstance(key, str) else key,
            lane=lane,
            subject=subject,
        )
        if name in _by_name:
            raise ValueError(f"{name} stands in the dictionary twice")
        _by_name[name] = _by_subject[subject] = entry
        return subject

    return enter


def event_type(name: str) -> EventType:
    """The entry of that name; KeyError where there is none."""
    return _by_name[name]


def all_types() -> tuple[EventType, ...]:
    return tuple(_by_name[name] for name in sorted(_by_name))


def names_of(state: type) -> tuple[str, ...]:
    """The types declared so far that carry the state of one thing, such as all stay.* of `StayState`."""
    return tuple(entry.name for entry in _by_name.values() if issubclass(entry.subject, state))


@dataclass(frozen=True)
class Chunk:
    """Subjects of one event type, column by column.

    A publisher's chunk holds Python values (UUID, date, aware datetime, …); a handler's holds JSON's (text for those
    three), which PostgreSQL casts: `unnest(%(stay_id)s::uuid[])`. `republished` marks present state
    that is published again: it refills a read model and is never an entry to a journey.
    """

    type: EventType
    columns: dict[str, list[Any]]
    republished: bool = False

    def __len__(self) -> int:
        return len(self.columns[self.type.key[0]])

    def __getitem__(self, column: str) -> list[Any]:
        return self.columns[column]

    def pick(self, places: Iterable[int]) -> Chunk:
        """The same event with the subjects at `places` only."""
        wanted = list(places)
        columns = {name: [values[place] for place in wanted] for name, values in self.columns.items()}
        return Chunk(self.type, columns, self.republished)

    def pieces(self, most: int) -> list[Chunk]:
        """The same subjects in chunks of at most `most`."""
        size = len(self)
        if size <= most:
            return [self] if size else []
        return [self._cut(start, start + most) for start in range(0, size, most)]

    def _cut(self, start: int, end: int) -> Chunk:
        columns = {name: values[start:end] for name, values in self.columns.items()}
        return Chunk(self.type, columns, self.republished)

    def join(self, other: Chunk) -> Chunk:
        """The subjects of both, in order; they must be of one type and one kind."""
        if (other.type, other.republished) != (self.type, self.republished):
            raise ValueError(f"{self.type.name} and {other.type.name} do not join")
        columns = {name: values + other.columns[name] for name, values in self.columns.items()}
        return Chunk(self.type, columns, self.republished)


def chunk_of(subjects: Sequence[Any], *, republished: bool = False) -> Chunk:
    """A chunk of subjects given as instances of one class of the dictionary."""
    entry = _by_subject[type(subjects[0])]
    return chunk_of_rows(entry.subject, list(map(_values_of(entry), subjects)), republished=republished)


@cache
def _values_of(entry: EventType) -> Callable[[Any], tuple[Any, ...]]:
    """All fields of an instance at once, in their order; each event has several."""
    return attrgetter(*entry.columns)


def chunk_of_rows(kind: type, rows: Sequence[Sequence[Any]], *, republished: bool = False) -> Chunk:
    """A chunk of rows whose values stand in the order of the class's fields, as a query returned them."""
    entry = _by_subject[kind]
    columns = list(map(list, zip(*rows, strict=True))) if rows else [[] for _ in entry.columns]
    return Chunk(entry, dict(zip(entry.columns, columns, strict=True)), republished)
