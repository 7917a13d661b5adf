"""The links of one text: what its author wrote becomes numbered places, and each place an address for one message.

links = Targets(["https://hotel.example/spa?code={{ property.code }}", "tel:+351…"])
links.addresses(values, maker.of(message_id))     by number: where the guest presses; and what is to be kept
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from jinja2 import Template as Compiled

from services.messaging.rules.links.targets import is_tracked, parted
from services.messaging.wording import sandbox
from services.messaging.wording.groups import Groups
from shared.crypto.short_links import LENGTH, ShortLinkSigner, numbered

PATH = "/l/"
NAME = "tracked"  # the value that numbered places read; nobody writes it
Tracked = Callable[[int], str]
"""By the number of a link, its address for one message."""


class LinkMaker:
    """Makes the addresses of tracked links: one signature a message, however many links it has."""

    def __init__(self, origin: str, signer: ShortLinkSigner) -> None:
        self._start, self._signer = f"{origin}{PATH}", signer

    def of(self, message_id: UUID) -> Tracked:
        """A message without links is not signed."""
        start = ""

        def address(number: int) -> str:
            nonlocal start
            start = start or self._start + self._signer.of_message(message_id)
            return numbered(start, number)

        return address


def as_long(origin: str) -> Tracked:
    """Addresses that lead nowhere and are as long as those of a message: for trials, whose parts are counted."""
    return lambda number: numbered(f"{origin}{PATH}{'x' * LENGTH}", number)


@dataclass(frozen=True, slots=True)
class Addresses:
    """`values`: what numbered places read. `kept`: of the tracked ones whose target holds values, it with them."""

    values: Mapping[str, str]
    kept: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Led:
    """`values`: all that a text reads. `kept`: as in `Addresses`."""

    values: Mapping[str, Any]
    kept: Mapping[int, str]


class Targets:
    """The targets of one text in one language on one channel, compiled; the first has the number 1."""

    def __init__(self, targets: Sequence[str], spared: Collection[int] = ()) -> None:
        """`spared`: numbers of those that may lack a value, for what they stand in is left out then."""
        self._spared = frozenset(spared)
        self.written = tuple(targets)
        self._filled: list[tuple[str, Compiled | None]] = []
        read: set[str] = set()
        for number, target in enumerate(self.written, start=1):
            paths, without = sandbox.paths(sandbox.parse(target))
            read |= paths - without if number not in self._spared else set()
            self._filled.append((target, sandbox.compiled_with(target, _encoded) if "{{" in target else None))
        self.required = frozenset(read)
        self._is_tracked = [is_tracked(target) for target in self.written]

    def led(self, values: Mapping[str, Any], tracked: Tracked | None) -> Led:
        """The values of one message with those of its links."""
        if not self.written:
            return Led(values, {})
        addresses = self.addresses(sandbox.context_of(values), tracked)
        if isinstance(values, Groups):
            return Led(values.also(NAME, addresses.values), addresses.kept)
        return Led({**values, NAME: addresses.values}, addresses.kept)

    def addresses(self, context: sandbox.Reading, tracked: Tracked | None) -> Addresses:
        """`tracked` is None where this guest's links lead straight to their targets."""
        values, kept = {}, {}
        for number, (target, compiled) in enumerate(self._filled, start=1):
            try:
                filled = sandbox.fill(compiled, context) if compiled else target
            except sandbox.MissingValue:
                if number not in self._spared:
                    raise
                continue
            values[place(number)] = filled
            if tracked and self._is_tracked[number - 1]:
                values[place(number)] = tracked(number)
                if compiled:
                    kept[number] = filled
        return Addresses(values, kept)


def place(number: int) -> str:
    return f"n{number}"


def reads(number: int) -> str:
    """What stands in a text where this link is."""
    return "{{ " + f"{NAME}.{place(number)}" + " }}"


def with_places(text: str, first: int) -> tuple[str, list[str]]:
    """The text with a numbered place for each address in it, beginning with `first`; and these addresses."""
    pieces: list[str] = []
    found: list[str] = []
    for words, target in parted(text):
        pieces.append(words)
        if target:
            pieces.append(reads(first + len(found)))
            found.append(target)
    return "".join(pieces), found


def addresses_in(text: str) -> list[str]:
    return [target for _, target in parted(text) if target]


def _encoded(value: object) -> str:
    """What is filled in becomes part of an address and never ends it."""
    return quote(str(sandbox.present(value)), safe="")
