"""The card of a stay: hotel, days, room and number in a small table; what is not known has no line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from markupsafe import escape
from marshmallow import Schema, fields, validate

from services.messaging.channels.email.blocks.block import LINE, Block, Drawn
from services.messaging.channels.email.blocks.slots import Slots
from services.messaging.channels.fields import length
from services.messaging.channels.text import Link, Source
from services.messaging.wording.languages import choose_language
from services.messaging.wording.rich import Rich
from shared.plain_yaml import read_yaml

LINES = ("hotel", "arrival", "departure", "nights", "room_type", "number")
CELL = f"padding:8px 0;border-bottom:1px solid {LINE};"


@cache
def labels() -> Mapping[str, Mapping[str, str]]:
    """By language, what a line is called."""
    loaded: dict[str, dict[str, str]] = read_yaml(files(__package__).joinpath("stay.yaml").read_text("utf-8"))
    return loaded


@dataclass(frozen=True)
class StayCard:
    lines: tuple[str, ...] = LINES

    def sources(self) -> Iterator[Source]:
        for number, line in enumerate(self.lines):
            value = "{{ stay." + line + " | default('') }}"
            yield Source(f"/stay/lines/{number}", value)

    def links(self) -> Iterator[Link]:
        yield from ()

    def drawn(self, slots: Slots) -> Drawn:
        words = labels()[choose_language(labels(), slots.language)]
        rows = [self._row(line, str(escape(words[line])), "{{ stay." + line + " }}") for line in self.lines]
        plain = [
            "{% if stay." + line + " is defined %}" + words[line] + ": {{ stay." + line + " }}\n{% endif %}"
            for line in self.lines
        ]
        place = slots.marked(Rich("".join(rows), "".join(plain), ()))
        look = 'css-class="ink" cellpadding="0" width="100%"'
        return Drawn(f"<mj-table {look}>{place}</mj-table>", place)

    def _row(self, line: str, label: str, value: str) -> str:
        name = f'<td class="small" style="{CELL}padding-right:16px;white-space:nowrap;">{label}</td>'
        row = f'<tr>{name}<td style="{CELL}font-weight:600;">{value}</td></tr>'
        return f"{{% if stay.{line} is defined %}}{row}{{% endif %}}"


class StaySchema(Schema):
    lines = fields.List(
        fields.String(validate=validate.OneOf(LINES)), load_default=list(LINES), validate=length(1, len(LINES))
    )


class StayKind:
    schema: type[Schema] = StaySchema

    def read(self, part: Mapping[str, Any]) -> Block:
        return StayCard(tuple(dict.fromkeys(part["lines"])))
