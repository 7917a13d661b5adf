"""Headings, texts and buttons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
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
from services.messaging.channels.fields import NEEDED, TextField
from services.messaging.channels.text import Link, Source
from services.messaging.wording.rich import Linked, Rich, plain_as_rich, read_rich
from services.messaging.wording.sandbox import NotOfTheLanguage

SIZES = {1: 28, 2: 22, 3: 18}


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 2
    align: str = "left"

    def sources(self) -> Iterator[Source]:
        yield Source("/heading/text", self.text)

    def links(self) -> Iterator[Link]:
        yield from ()

    def drawn(self, slots: Slots) -> Drawn:
        words = slots.line(self.text)
        look = f"margin:0;font-size:{SIZES[self.level]}px;line-height:1.3;font-weight:{slots.look.heading_weight};"
        tag = f"h{self.level}"
        return Drawn(
            f'<mj-text align="{self.align}" css-class="ink"><{tag} style="{look}">{words}</{tag}></mj-text>', words
        )


@dataclass(frozen=True)
class Paragraph:
    """`has_marks`: bold, italic, lists and links are read in it; a body's bare text has none."""

    text: str
    align: str = "left"
    has_marks: bool = True

    def sources(self) -> Iterator[Source]:
        place = "/text/text" if self.has_marks else ""
        yield Source(place, self.text, has_marks=self.has_marks)

    def links(self) -> Iterator[Link]:
        place = "/text/text" if self.has_marks else ""
        with suppress(NotOfTheLanguage):
            for target in self._read(str).links:
                yield from addresses(place, target)

    def drawn(self, slots: Slots) -> Drawn:
        place = slots.marked(self._read(slots.linked))
        return Drawn(f'<mj-text align="{self.align}" css-class="ink">{place}</mj-text>', place)

    def _read(self, linked: Linked) -> Rich:
        return read_rich(self.text, linked) if self.has_marks else plain_as_rich(self.text, linked)


@dataclass(frozen=True)
class Button:
    label: str
    link: str  # the dotted path of a value as links.survey, or an address
    align: str = "left"

    def sources(self) -> Iterator[Source]:
        yield Source("/button/label", self.label)
        yield from link_sources("/button/link", self.link)

    def links(self) -> Iterator[Link]:
        yield from addresses("/button/link", self.link)

    def drawn(self, slots: Slots) -> Drawn:
        label, link = slots.line(self.label), slots.link(self.link)
        look = f'align="{self.align}" background-color="{slots.colour}" css-class="button"'
        return Drawn(f'<mj-button {look} href="{link}">{label}</mj-button>', f"{label}\n{link}")


class HeadingSchema(Schema):
    text = TextField(200, required=True)
    level = fields.Integer(load_default=2, validate=validate.OneOf(list(SIZES)))
    align = align_field()


class ParagraphSchema(Schema):
    text = TextField(5_000, required=True)
    align = align_field()


class ButtonSchema(Schema):
    label = TextField(80, required=True)
    link = link_field(required=True, error_messages={"required": NEEDED})
    align = align_field()


class HeadingKind:
    schema: type[Schema] = HeadingSchema

    def read(self, part: Mapping[str, Any]) -> Block:
        return Heading(**part)


class ParagraphKind:
    schema: type[Schema] = ParagraphSchema

    def read(self, part: Mapping[str, Any]) -> Block:
        return Paragraph(**part)


class ButtonKind:
    schema: type[Schema] = ButtonSchema

    def read(self, part: Mapping[str, Any]) -> Block:
        return Button(**part)
