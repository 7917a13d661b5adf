"""What a channel does with writing: its part of a template's document, and how it becomes what is sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from marshmallow import Schema

from services.messaging.wording.piece import Ready, Rendered
from shared.errors import Problem
from shared.vocabulary.purpose import Purpose


@dataclass(frozen=True, slots=True)
class Source:
    """One piece of what is written. `place`: a JSON pointer below the channel. `is_exposed`: whoever shares the mailbox
    or the phone may read it. `has_marks`: bold, lists and links are read in it. `is_alternative`: it stands for a
    picture, and may be empty. `is_source`: it was written as source. `faults` and `remarks`: what was found as it was
    read, to be mended or to be looked at. `is_conditional`: it is in a block that is not shown to everybody."""

    place: str
    text: str
    is_exposed: bool = False
    has_marks: bool = False
    is_alternative: bool = False
    is_source: bool = False
    faults: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
    is_conditional: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An address in what is written. `place`: a JSON pointer below the channel; `target`: as it is written."""

    place: str
    target: str


class Written(Protocol):
    """A channel's part of one locale, checked. `awaits_approval`: its provider has to approve it before it goes to
    everybody; as long as all of a channel do, other languages may do without it."""

    @property
    def awaits_approval(self) -> bool: ...

    def sources(self) -> Iterator[Source]: ...

    def links(self) -> Sequence[Link]:
        """In the order in which they are numbered: the first is 1."""

    def ready(self, language: str, purpose: Purpose) -> Ready: ...

    def lacking(self, purpose: Purpose) -> Iterator[tuple[str, Problem]]:
        """What its author has to add for such a purpose, at its place below the channel: what no frame adds."""


@dataclass(frozen=True)
class Cost:
    """What a text message costs. `characters` as the carrier counts them; `dear`: those of the large alphabet."""

    parts: int
    characters: int
    alphabet: str  # GSM-7 | UCS-2
    dear: tuple[str, ...]

    @property
    def is_avoidable(self) -> bool:
        """Whether other letters would do: a text in another script than the Latin one needs the large alphabet."""
        return bool(self.dear) and all(
            unicodedata.name(letter, "").startswith("LATIN") for letter in self.dear if letter.isalpha()
        )


class TextKind(Protocol):
    """`schema` checks the part; `fields` are those of the editor, each below its JSON pointer."""

    schema: type[Schema]
    fields: Mapping[str, str]

    def read(self, part: Mapping[str, Any]) -> Written:
        """A part that the schema has passed."""

    def answer(self, *, is_pictured: bool = False) -> Written:
        """A person's own words and nothing else: the values `answer.subject` and `answer.words`. With a picture also
        `answer.picture`, its address, and `answer.alt`, what it shows."""

    def limit_passed(self, rendered: Rendered) -> Problem | None:
        """What is too long in a message as a guest would get it."""

    def cost(self, rendered: Rendered) -> Cost | None:
        """What the carrier charges for it; None where nothing is charged by length."""

    def typed(self, part: Mapping[str, Any]) -> dict[str, str]:
        """A part as the editor's fields show it."""

    def part(self, typed: Mapping[str, str]) -> dict[str, Any] | None:
        """The part that was typed, whether or not it is complete; None where every field is empty."""


def one_line(typed: Mapping[str, str], field: str) -> str:
    return " ".join(typed.get(field, "").split())
