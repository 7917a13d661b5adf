"""The picture that a colleague's answer brings, below the words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.messaging.channels.email.blocks.block import Drawn
from services.messaging.channels.email.blocks.slots import Slots
from services.messaging.channels.text import Link, Source


@dataclass(frozen=True)
class PictureOfAnswer:
    """By the values of the answer; nobody writes it into a template."""

    def sources(self) -> Iterator[Source]:
        yield from ()

    def links(self) -> Iterator[Link]:
        yield from ()

    def drawn(self, slots: Slots) -> Drawn:
        address, alt = slots.line("{{ answer.picture }}"), slots.line("{{ answer.alt }}", is_content=False)
        look = f'align="left" border-radius="{slots.look.picture}px"'
        return Drawn(f'<mj-image {look} src="{address}" alt="{alt}"/>', f"{alt}\n{address}")
