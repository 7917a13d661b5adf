"""Two or three columns of blocks, which stand one below the other on a phone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import Schema, fields

from services.messaging.channels.email.blocks.block import Block, Drawn
from services.messaging.channels.email.blocks.slots import Slots
from services.messaging.channels.fields import length
from services.messaging.channels.text import Link, Source


@dataclass(frozen=True)
class Columns:
    columns: tuple[tuple[Block, ...], ...]

    def sources(self) -> Iterator[Source]:
        for place, column in enumerate(self.columns):
            for number, block in enumerate(column):
                for source in block.sources():
                    yield replace(source, place=f"/columns/columns/{place}/{number}{source.place}")

    def links(self) -> Iterator[Link]:
        for place, column in enumerate(self.columns):
            for number, block in enumerate(column):
                for link in block.links():
                    yield replace(link, place=f"/columns/columns/{place}/{number}{link.place}")

    def drawn(self, slots: Slots) -> Drawn:
        drawn = [[block.drawn(slots) for block in column] for column in self.columns]
        mjml = "".join(f"<mj-column>{''.join(one.mjml for one in column)}</mj-column>" for column in drawn)
        plain = "\n\n".join(one.plain for column in drawn for one in column if one.plain)
        return Drawn(f"<mj-section>{mjml}</mj-section>", plain, is_sections=True)


def columns_schema(inner: fields.Field[Any]) -> type[Schema]:
    """`inner`: the field of a block that may stand in a column."""
    column = fields.List(inner, validate=length(1, 10))
    return Schema.from_dict(
        {"columns": fields.List(column, required=True, validate=length(2, 3))}, name="ColumnsSchema"
    )


class ColumnsKind:
    def __init__(self, inner: fields.Field[Any]) -> None:
        self.schema = columns_schema(inner)

    def read(self, part: Mapping[str, Any]) -> Block:
        return Columns(tuple(tuple(column) for column in part["columns"]))
