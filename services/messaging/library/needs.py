"""What each text of a template needs of its guests, and what a guest reads or gets who lacks it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

from services.messaging.channels.text import Source
from services.messaging.library.documents import Template
from services.messaging.wording import sandbox
from shared.vocabulary.channel import Channel


class Instead(IntEnum):
    """What becomes of a guest without the value, the worst last."""

    ANOTHER = 1  # another way of an «if»
    WORDS = 2
    NO_BLOCK = 3
    NO_MESSAGE = 4


@dataclass(frozen=True)
class Need:
    """`words`: what is read instead, where that is words."""

    language: str
    channel: Channel
    value: str
    instead: Instead
    words: str = ""


def needs(template: Template) -> list[Need]:
    """Each value once a text, with the worst that becomes of it; by language, channel and value."""
    found = sorted(_needs(template), key=lambda need: (need.language, need.channel, need.value, -need.instead))
    return [next(some) for _, some in groupby(found, lambda need: (need.language, need.channel, need.value))]


def values_in(template: Template) -> frozenset[str]:
    """The values that its texts read, as far as they can be read."""
    found = set[str]()
    for _, source in template.sources():
        with suppress(sandbox.NotOfTheLanguage):
            found |= sandbox.paths(sandbox.parse(source.text))[0]
    return frozenset(found)


def _needs(template: Template) -> Iterator[Need]:
    for language, locale in template.locales.items():
        for channel, written in locale.items():
            for source in written.sources():
                for value, instead, words in _of_source(source):
                    yield Need(language, channel, value, instead, words)


def _of_source(source: Source) -> Iterator[tuple[str, Instead, str]]:
    try:
        tree = sandbox.parse(source.text)
        read, spared = sandbox.paths(tree)
        defaults = sandbox.defaults(tree)
    except sandbox.NotOfTheLanguage:
        return  # which `check` says
    for value in read:
        if value in defaults:
            yield value, Instead.WORDS, defaults[value]
        elif value in spared:
            yield value, Instead.ANOTHER, ""
        else:
            yield value, Instead.NO_BLOCK if source.is_conditional else Instead.NO_MESSAGE, ""
