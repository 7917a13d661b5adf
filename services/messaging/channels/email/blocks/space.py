"""What stands between words: a line, and room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import Schema, fields, validate

from services.messaging.channels.email.blocks.block import LINE, Block, Drawn
from services.messaging.channels.email.blocks.slots import Slots
from services.messaging.channels.text import Source

LEAST, MOST = 8, 80  # pixels


@dataclass(frozen=True)
class Divider:
    def sources(self) -> Iterator[Source]:
        yield from ()

    def drawn(self, slots: Slots) -> Drawn:
        return Drawn(f'<mj-divider border-width="1px" border-color="{LINE}" css-class="line"/>', "* * *")


@dataclass(frozen=True)
class Spacer:
    height: int = 24

    def sources(self) -> Iterator[Source]:
        yield from ()

    def drawn(self, slots: Slots) -> Drawn:
        return Drawn(f'<mj-spacer height="{self.height}px"/>', "")


class DividerSchema(Schema):
    pass


class SpacerSchema(Schema):
    height = fields.Integer(load_default=24, validate=validate.Range(LEAST, MOST))


class DividerKind:
    schema: type[Schema] = DividerSchema

    def read(self, part: Mapping[str, Any]) -> Block:
        return Divider()


class SpacerKind:
    schema: type[Schema] = SpacerSchema

    def read(self, part: Mapping[str, Any]) -> Block:
        return Spacer(**part)
