"""Which values of a template how many of its guests lack, in the language they read it in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from services.messaging.library.documents import Template
from services.messaging.library.needs import Need, needs
from services.messaging.wording.languages import choose_language
from shared.vocabulary.channel import Channel


@dataclass(frozen=True)
class Gap:
    """`guests`: who read this text; `missing`: those of them without the value."""

    need: Need
    missing: int
    guests: int


Counted = tuple[Counter[str], Mapping[str, Counter[str]]]
Count = Callable[[Channel, Collection[str]], Counted]
"""Of a channel and the values its texts read: guests by their language, and by value those who lack it."""


def gaps(template: Template, count: Count) -> tuple[dict[Channel, Counter[str]], list[Gap]]:
    """By channel how many guests read which language of the template; and what is missing, most guests first."""
    found, readers = list[Gap](), dict[Channel, Counter[str]]()
    asked = needs(template)
    for channel in sorted({channel for locale in template.locales.values() for channel in locale}):
        mine = [need for need in asked if need.channel is channel]
        guests, lacking = count(channel, sorted({need.value for need in mine}))
        written = [tag for tag, locale in template.locales.items() if channel in locale]
        readers[channel] = _as_read(guests, written)
        missing = {value: _as_read(each, written) for value, each in lacking.items()}
        found += [
            Gap(need, missing[need.value][need.language], readers[channel][need.language])
            for need in mine
            if need.value in missing and missing[need.value][need.language]
        ]
    return readers, sorted(found, key=lambda gap: (-gap.need.instead, -gap.missing, gap.need.language, gap.need.value))


def _as_read(counted: Counter[str], written: list[str]) -> Counter[str]:
    """By the language of the template that guests of each language read."""
    found = Counter[str]()
    for language, count in counted.items():
        found[choose_language(written, language)] += count
    return found
