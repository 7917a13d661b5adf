"""What every kind of block is, and the look of the mail it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from marshmallow import Schema, fields, validate

from services.messaging.channels.email.blocks.slots import Slots
from services.messaging.channels.fields import must
from services.messaging.channels.text import Link, Source
from services.messaging.wording.rich import leads_somewhere
from shared.errors import Problem

INK, QUIET, LINE = "#26231e", "#5f594e", "#d9d3c6"
ALIGNMENTS = ("left", "center", "right")


@dataclass(frozen=True)
class Drawn:
    """A block in a mail's layout: MJML of what stands in a column, or of whole sections where it `is_sections`, and
    plain text, both with marks of places."""

    mjml: str
    plain: str
    is_sections: bool = False


class Block(Protocol):
    """A block that its schema has passed."""

    def sources(self) -> Iterator[Source]:
        """Every piece of text in it, with its place below the block."""

    def links(self) -> Iterator[Link]:
        """The addresses in it with their places, in the order in which it is drawn; of an unreadable text none."""

    def drawn(self, slots: Slots) -> Drawn: ...


class BlockKind(Protocol):
    """One kind of block: a registry of them stands in `registry.py`."""

    schema: type[Schema]

    def read(self, part: Mapping[str, Any]) -> Block: ...


def link_field(**more: Any) -> fields.String:
    """One of the links there are by name, or an address."""
    return fields.String(validate=must(leads_somewhere, Problem("is not one of the links", "no_link")), **more)


def align_field(default: str = "left") -> fields.String:
    return fields.String(load_default=default, validate=validate.OneOf(ALIGNMENTS))


def addresses(place: str, target: str) -> Iterator[Link]:
    """Of a field: none where it is one of the links there are by name."""
    if target and not target.startswith("links."):
        yield Link(place, target)


def link_sources(place: str, target: str) -> Iterator[Source]:
    if target:
        words = "{{ " + target + " }}" if target.startswith("links.") else target
        yield Source(place, words)
