"""A picture of the house's library, by the hash of its bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, validate

from services.messaging.channels.email.blocks.block import (
    Block,
    Drawn,
    addresses,
    align_field,
    link_field,
    link_sources,
)
from services.messaging.channels.email.blocks.slots import Slots
from services.messaging.channels.fields import TextField
from services.messaging.channels.text import Link, Source
from shared.whole_text import WholeText

FILE = WholeText(r"[0-9a-f]{64}\.(jpg|png|webp|gif)", error="is not the name of a picture")
WIDEST = 504  # pixels a picture has in a column of the whole sheet


@dataclass(frozen=True)
class Picture:
    """`file`: its name in the library. `width`: percent of the column. `alt`: empty where it only decorates."""

    file: str
    alt: str
    width: int = 100
    align: str = "center"
    link: str = ""

    def sources(self) -> Iterator[Source]:
        yield Source("/picture/alt", self.alt, is_alternative=True)
        yield from link_sources("/picture/link", self.link)

    def links(self) -> Iterator[Link]:
        yield from addresses("/picture/link", self.link)

    def drawn(self, slots: Slots) -> Drawn:
        address = slots.line("{{ sender.pictures }}" + self.file)
        alt = slots.line(self.alt, is_content=False)
        link = slots.link(self.link) if self.link else ""
        look = f'align="{self.align}" width="{WIDEST * self.width // 100}px" border-radius="{slots.look.picture}px"'
        led = f' href="{link}"' if link else ""
        return Drawn(f'<mj-image {look} src="{address}" alt="{alt}"{led}/>', "\n".join(filter(None, (alt, link))))


class PictureSchema(Schema):
    file = fields.String(required=True, validate=FILE)
    alt = TextField(300, least=0, load_default="")
    width = fields.Integer(load_default=100, validate=validate.Range(10, 100))
    align = align_field("center")
    link = link_field(load_default="")


class PictureKind:
    schema: type[Schema] = PictureSchema

    def read(self, part: Mapping[str, Any]) -> Block:
        return Picture(**part)
