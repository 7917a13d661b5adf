"""A block that somebody wrote as source, MJML or HTML. A mail of source alone is a body of one such block: its header,
its footer and the way out stand around it as around every mail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from marshmallow import Schema, ValidationError, validates

from services.messaging.channels.email.blocks.block import Block, Drawn, addresses
from services.messaging.channels.email.blocks.slots import Slots
from services.messaging.channels.email.source.places import COLOUR, IS_PLACE, Place, PlaceKind
from services.messaging.channels.email.source.reading import IS_RAW, LONGEST, SourceRead, Unreadable, read_source
from services.messaging.channels.fields import TextField
from services.messaging.channels.text import Link, Source
from shared.errors import Problem

PLACE = "/source/text"
MOST_NAMED = 12  # of what was left out, in one line


@lru_cache(maxsize=200)
def read(text: str) -> SourceRead:
    """The same source is read as it is checked, as it is drawn, and as its links are numbered."""
    return read_source(text)


@dataclass(frozen=True)
class SourceBlock:
    text: str

    def sources(self) -> Iterator[Source]:
        """What guests would read of it; and the places where values stand, in a link too."""
        done = read(self.text)
        words = IS_PLACE.sub(lambda found: _written(done.places[int(found[1])]), done.plain)
        yield Source(PLACE, words, faults=_faults(done), remarks=_remarks(done), is_source=True)
        hidden = [place.text for place in done.places if place.kind is PlaceKind.VALUE and place.text not in words]
        yield from (Source(PLACE, text, is_source=True) for text in hidden)

    def links(self) -> Iterator[Link]:
        for place in read(self.text).places:
            if place.kind is PlaceKind.LINK:
                yield from addresses(PLACE, place.text)

    def drawn(self, slots: Slots) -> Drawn:
        done = read(self.text)
        marks = [_mark(slots, place) for place in done.places]

        def with_marks(text: str) -> str:
            return IS_PLACE.sub(lambda found: marks[int(found[1])], text.replace(COLOUR, slots.colour))

        raw = [slots.raw(with_marks(html)) for html in done.raw]
        mjml = IS_RAW.sub(lambda found: raw[int(found[1])], with_marks(done.mjml))
        return Drawn(mjml, with_marks(done.plain), is_sections=done.is_sections)


def _written(place: Place) -> str:
    """As the language of texts reads it: one of our links is a value."""
    return "{{ " + place.text + " }}" if place.text.startswith("links.") else place.text


def _mark(slots: Slots, place: Place) -> str:
    match place.kind:
        case PlaceKind.VALUE:
            return slots.words(place.text, is_content=False)
        case PlaceKind.LINK:
            return slots.line(slots.linked(place.text), is_content=False)
        case PlaceKind.PICTURE:
            return slots.line("{{ sender.pictures }}" + place.text, is_content=False)


def _faults(done: SourceRead) -> tuple[Problem, ...]:
    return tuple(
        Problem(f"shows a picture that lies elsewhere: {address}", "foreign_picture", address=address[:200])
        for address in done.foreign
    )


def _remarks(done: SourceRead) -> tuple[Problem, ...]:
    if not done.left_out:
        return ()
    named = ", ".join(f"{one.what} ({one.line})" for one in done.left_out[:MOST_NAMED])
    return (Problem(f"left out, with its line: {named}", "source_left_out", names=named),)


class SourceSchema(Schema):
    text = TextField(LONGEST, required=True)

    @validates("text")
    def _can_be_read(self, text: str, **_: Any) -> None:
        try:
            read(text)
        except Unreadable as error:
            raise ValidationError([error.problem]) from error


class SourceKind:
    schema: type[Schema] = SourceSchema

    def read(self, part: Mapping[str, Any]) -> Block:
        return SourceBlock(**part)
