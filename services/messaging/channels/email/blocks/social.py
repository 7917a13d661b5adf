"""Where else the hotel is to be found: names of the places in a line, without anybody's pictures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields

from services.messaging.channels.email.blocks.block import QUIET, Block, Drawn, align_field, link_field, link_sources
from services.messaging.channels.email.blocks.slots import Slots
from services.messaging.channels.fields import NEEDED, TextField, length
from services.messaging.channels.text import Source

BETWEEN = "&#160;&#160;·&#160;&#160;"


@dataclass(frozen=True)
class Place:
    name: str
    link: str


@dataclass(frozen=True)
class Social:
    places: tuple[Place, ...]
    align: str = "center"

    def sources(self) -> Iterator[Source]:
        for number, place in enumerate(self.places):
            yield Source(f"/social/places/{number}/name", place.name)
            yield from link_sources(f"/social/places/{number}/link", place.link)

    def drawn(self, slots: Slots) -> Drawn:
        placed = [(slots.line(place.name), slots.link(place.link)) for place in self.places]
        links = BETWEEN.join(f'<a href="{link}" class="link small">{name}</a>' for name, link in placed)
        text = f'<mj-text align="{self.align}" css-class="small" color="{QUIET}" font-size="14px">{links}</mj-text>'
        return Drawn(text, "\n".join(f"{name}: {link}" for name, link in placed))


class PlaceSchema(Schema):
    name = TextField(40, required=True)
    link = link_field(required=True, error_messages={"required": NEEDED})


class SocialSchema(Schema):
    places = fields.List(fields.Nested(PlaceSchema), required=True, validate=length(1, 8))
    align = align_field("center")


class SocialKind:
    schema: type[Schema] = SocialSchema

    def read(self, part: Mapping[str, Any]) -> Block:
        return Social(tuple(Place(**place) for place in part["places"]), part["align"])
