"""From an e-mail as it is written to the e-mail as a guest gets it, in plain text and in HTML."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

from services.messaging.channels.email import frame
from services.messaging.channels.email.blocks.registry import Shown
from services.messaging.channels.email.blocks.slots import LABEL, Slot, Slots
from services.messaging.channels.email.layout import lay_out, mail_around
from services.messaging.channels.email.looks import CALM, LOOKS
from services.messaging.channels.email.printing import Part, Printed, PrintedPart, holds, texts_of
from services.messaging.wording import sandbox
from services.messaging.wording.links import Targets, Tracked
from services.messaging.wording.piece import OF_THE_PROPERTY, Rendered, Values
from services.messaging.wording.sheets import Filled, Gapped
from shared.vocabulary.purpose import Purpose

MOST_PRINTED = 1_000
NO_WORDS: dict[int, str] = {}
NONE = frozenset[int]()
Readings = tuple[sandbox.Reading, sandbox.Reading]  # for plain text, and for pages


class Last(NamedTuple):
    """For which label and for which values, as the objects they are, a mail was printed last: most mails follow one of
    the same property."""

    label: str
    sender: Values
    place: Values
    printed: Printed


class ReadyMail:
    """A mail in one language, drawn; filled in for one property and then for one guest after another."""

    needs_window = False

    def __init__(
        self, subject: str, preview: str, body: Sequence[Shown], language: str, why: str, look: str = CALM
    ) -> None:
        """`why` it comes: its purpose, or that it is an answer. `look`: one of `LOOKS`."""
        self._is_advertising = why == Purpose.MARKETING
        slots = Slots(language, LOOKS[look])
        around = mail_around(slots, subject, preview, why)
        parts = lay_out(slots, around, body)
        self._slots = slots.all
        self._subject = Gapped.of(slots.label + around.subject)
        self._parts = [self._unprinted(part) for part in parts]
        self._conditional = {place for part in parts if part.when for place in part.places}
        self._targets = Targets(slots.targets, spared=_numbers(slots.all, self._conditional))
        always = [place for place in range(len(self._slots)) if place not in self._conditional]
        self._shared = [place for place in always if place != LABEL and self._slots[place].piece.is_of_the_property]
        self._own = [place for place in always if not self._slots[place].piece.is_of_the_property]
        self._printed: dict[tuple[Any, ...], Printed] = {}
        self._last: Last | None = None

    def _unprinted(self, part: Part) -> PrintedPart:
        content = [place for place in sorted(part.places) if self._slots[place].is_content]
        return PrintedPart(part, Gapped.of(part.page), Gapped.of(part.plain), content)

    @cached_property
    def required(self) -> frozenset[str]:
        """What stands in a block with a condition is not required: where it is not known the block is not shown."""
        kept = (slot for place, slot in enumerate(self._slots) if place not in self._conditional)
        return self._targets.required.union(*(slot.piece.required for slot in kept))

    def render(self, values: Values, country: str | None = None, tracked: Tracked | None = None) -> Rendered:
        label = frame.LABELS.get(country or "", "") if self._is_advertising else ""
        led = self._targets.led(values, tracked)
        contexts = sandbox.context_of(led.values), sandbox.context_of(led.values, escapes=True)
        printed = self._for_the_property(values, label, contexts)
        words = self._filled(self._own, contexts)
        hidden = self._hidden(printed, words, values, contexts) if printed.uncertain else NONE
        text, page, copy = printed.without(hidden).filled(words)
        subject = printed.subject.filled(texts_of(words) if printed.subject.gaps else NO_WORDS)
        return Rendered(subject, text, page, led.kept, copy=copy)

    def _hidden(self, printed: Printed, words: dict[int, Filled], values: Values, contexts: Readings) -> frozenset[int]:
        """The numbers of the parts that this guest is not shown."""
        parts = ((place, printed.parts[place]) for place in printed.uncertain)
        return frozenset(place for place, part in parts if not self._is_shown(part, words, values, contexts))

    def _is_shown(self, part: PrintedPart, words: dict[int, Filled], values: Values, contexts: Readings) -> bool:
        if part.part.when:
            if not holds(part.part, values.get("facts", {})):
                return False
            try:
                words.update(self._filled(part.part.places, contexts))
            except sandbox.MissingValue:
                return False
        return part.is_shown(words)

    def _filled(self, places: Iterable[int], contexts: Readings) -> dict[int, Filled]:
        return {place: self._slots[place].fill(*contexts) for place in places}

    def _for_the_property(self, values: Values, label: str, contexts: Readings) -> Printed:
        """The mail with the words of its property in it, kept."""
        sender, place = (values[part] for part in OF_THE_PROPERTY)
        if (last := self._last) and last.label == label and last.sender is sender and last.place is place:
            return last.printed
        hotel = (label, *sender.items(), *place.items())
        if hotel not in self._printed:
            if len(self._printed) >= MOST_PRINTED:
                self._printed.clear()
            words = {LABEL: Filled(label, label), **self._filled(self._shared, contexts)}
            parts = [part.narrowed(words) for part in self._parts]
            uncertain = [place for place, part in enumerate(parts) if not part.is_always_shown]
            self._printed[hotel] = Printed(self._subject.narrowed(texts_of(words)), parts, uncertain)
        self._last = Last(label, sender, place, self._printed[hotel])
        return self._printed[hotel]


def _numbers(slots: Sequence[Slot], places: Collection[int]) -> frozenset[int]:
    """The numbers of the addresses that stand at these places."""
    return frozenset(number for place in places for number in slots[place].piece.numbers)
