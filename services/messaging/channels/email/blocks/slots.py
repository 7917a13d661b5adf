"""The numbered places of a drawn mail, and what is filled in there: for a page and for plain text, each its own way."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from markupsafe import Markup, escape

from services.messaging.channels.email.looks import CALM, LOOKS, Look
from services.messaging.wording import sandbox
from services.messaging.wording.links import reads
from services.messaging.wording.piece import Piece, piece
from services.messaging.wording.rich import Rich
from services.messaging.wording.sheets import Filled

ACCENT = "#2f4a43"  # of buttons and links, where a hotel has no colour of its own
LABEL = 0  # the place of `Slots.label`
BREAK = Markup("<br>")
RAW = re.compile("@@raw([0-9]+)@@")
AS_IT_IS = re.compile("[^&<>\"'\n]*").fullmatch  # what `broken` would not change


def broken(text: str) -> Markup:
    """Escaped, with its line breaks."""
    escaped = escape(text)
    return escaped.replace("\n", BREAK) if "\n" in text else escaped


@dataclass(frozen=True)
class Slot:
    """`marked`: the source of the page where the text has marks, in which values are escaped as they are filled in."""

    piece: Piece
    tidy: Callable[[str], str]
    marked: Piece | None = None
    is_content: bool = True  # a block all of whose content is empty is not shown

    def fill(self, values: sandbox.Reading, escaping: sandbox.Reading) -> Filled:
        text = self.tidy(self.piece.fill(values))
        if self.marked:
            return Filled(text, sandbox.printable(self.marked.fill(escaping)))
        return Filled(text, text if AS_IT_IS(text) else str(broken(text)))


class Slots:
    """Takes sources and gives the mark of the place each stands at: plain letters, which MJML leaves alone."""

    def __init__(self, language: str, look: Look = LOOKS[CALM]) -> None:
        self.language, self.look = language, look
        self.all: list[Slot] = []
        self._raw: list[str] = []
        self.targets: list[str] = []  # the addresses the mail leads to, in order; the first has the number 1
        self.label = self.line("", is_content=False)  # what a country wants before a subject; no text of the template's
        self.colour = self.line("{{ sender.colour | default('" + ACCENT + "') }}", is_content=False)

    def words(self, source: str, *, is_content: bool = True) -> str:
        """Some lines of text."""
        return self.add(Slot(piece(source), sandbox.printable, is_content=is_content))

    def line(self, source: str, *, is_content: bool = True) -> str:
        """One line, which may stand in an attribute."""
        return self.add(Slot(piece(source), sandbox.one_line, is_content=is_content))

    def marked(self, rich: Rich) -> str:
        """A text with marks."""
        return self.add(Slot(piece(rich.plain), sandbox.printable, piece(rich.page, escapes=True)))

    def raw(self, html: str) -> str:
        """Of HTML that is clean, with its marks: MJML sees a mark in its stead."""
        self._raw.append(html)
        return f"@@raw{len(self._raw) - 1}@@"

    def with_raw(self, page: str) -> str:
        """The page that MJML made, with that HTML in it."""
        return RAW.sub(lambda found: self._raw[int(found[1])], page) if self._raw else page

    def link(self, target: str) -> str:
        """The address of a link, in an attribute."""
        return self.line(self.linked(target))

    def linked(self, target: str) -> str:
        """What is filled in for a link: its value, or the numbered place of the address."""
        if target.startswith("links."):
            return "{{ " + target + " }}"
        self.targets.append(target)
        return reads(len(self.targets))

    def add(self, slot: Slot) -> str:
        self.all.append(slot)
        return mark(len(self.all) - 1)


def mark(number: int) -> str:
    return f"@@{number}@@"
