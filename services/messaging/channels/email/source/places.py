"""Clean HTML with its values, links and pictures taken out to places, and the same as plain text.

A place is written as its number between two letters that no text has. What stands there is filled in by the mail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from html.parser import HTMLParser

from services.messaging.channels.email.source.tree import VOID
from services.messaging.rules.pictures import FILE
from services.messaging.wording.rich import leads_somewhere

VALUE = re.compile(r"\{\{[^{}]{1,300}\}\}")
NAMED_LINK = re.compile(r"\{\{\s*(links\.[a-z_]+)\s*\}\}")
FOREIGN = re.compile(r"(?:https?:)?//", re.IGNORECASE)
ASIDE, PLACE, END = "\ue000", "\ue002", "\ue001"
OURS = re.compile("[\ue000-\ue003]|&#(?:x0*e00[0-3]|0*5734[4-7]);?", re.IGNORECASE)
IS_ASIDE = re.compile(f"{ASIDE}(\\d+){END}")
IS_PLACE = re.compile(f"{PLACE}(\\d+){END}")
COLOUR = f"{PLACE}colour{END}"  # the hotel's, where source says none
BREAKS = {"p": "\n\n", "div": "\n", "table": "\n", "tr": "\n", "ul": "\n", "ol": "\n", "h1": "\n\n", "h2": "\n\n"}
BREAKS |= {"h3": "\n\n", "h4": "\n\n", "blockquote": "\n\n", "center": "\n"}


class PlaceKind(StrEnum):
    VALUE = "value"
    LINK = "link"
    PICTURE = "picture"


@dataclass(frozen=True)
class Place:
    """`text`: the value with its braces, where a link leads, or the name of a picture."""

    kind: PlaceKind
    text: str


class Places:
    """Those of one source, in the order in which they stand."""

    def __init__(self) -> None:
        self.all: list[Place] = []
        self.foreign: list[str] = []  # pictures that lie elsewhere
        self._aside: list[str] = []

    def set_aside(self, source: str) -> str:
        """The source with every value as letters that no cleaning takes for anything."""

        def kept(found: re.Match[str]) -> str:
            self._aside.append(found[0])
            return f"{ASIDE}{len(self._aside) - 1}{END}{chr(10) * found[0].count(chr(10))}"

        return VALUE.sub(kept, OURS.sub("", source))

    def back(self, text: str) -> str:
        return IS_ASIDE.sub(lambda found: self._aside[int(found[1])], text)

    def words(self, text: str) -> str:
        """A text with a place for each of its values, and none that somebody typed as our marks are written."""
        text = text.replace("@@", "@ @")
        return IS_ASIDE.sub(lambda found: self._place(PlaceKind.VALUE, self._aside[int(found[1])]), text)

    def link(self, target: str) -> str:
        """Empty where it leads nowhere."""
        written = self.back(target).strip()
        if named := NAMED_LINK.fullmatch(written):
            written = named[1]
        return self._place(PlaceKind.LINK, written) if leads_somewhere(written) else ""

    def picture(self, address: str) -> str:
        """Empty where it is none of the library."""
        written = self.back(address).strip()
        if FILE.fullmatch(written):
            return self._place(PlaceKind.PICTURE, written)
        if FOREIGN.match(written):
            self.foreign.append(written)
        return ""

    def _place(self, kind: PlaceKind, text: str) -> str:
        self.all.append(Place(kind, text))
        return f"{PLACE}{len(self.all) - 1}{END}"


@dataclass(frozen=True)
class Placed:
    html: str
    plain: str


def placed(html: str, places: Places) -> Placed:
    """Of HTML that is clean."""
    writer = _Writer(places)
    writer.feed(html)
    writer.close()
    return Placed("".join(writer.page), tidy("".join(writer.plain)))


def tidy(plain: str) -> str:
    lines = [" ".join(line.split()) for line in plain.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


class _Writer(HTMLParser):
    def __init__(self, places: Places) -> None:
        super().__init__(convert_charrefs=True)
        self._places = places
        self.page: list[str] = []
        self.plain: list[str] = []
        self._targets: list[str] = []
        self._lists: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: self._kept(name, value or "") for name, value in attrs}
        match tag:
            case "a":
                attributes = self._led(attributes)
            case "img":
                attributes = self._shown(attributes)
                if "src" not in attributes:
                    self._say(attributes.get("alt", ""))
                    self.page.append(escape(attributes.get("alt", "")))
                    return
                self.plain.append(attributes.get("alt", ""))
            case "br":
                self.plain.append("\n")
            case "li":
                self.plain.append("\n" + self._bullet())
            case "ul" | "ol":
                self._lists.append(0 if tag == "ul" else 1)
            case "td" | "th":
                self.plain.append(" ")
        self.plain.append(BREAKS.get(tag, ""))
        said = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        self.page.append(f"<{tag}{said}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if tag == "a" and self._targets and (target := self._targets.pop()):
            self.plain.append(f" ({target})")
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        self.plain.append(BREAKS.get(tag, ""))
        self.page.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        written = self._places.words(data)
        self.page.append(escape(written, quote=False))
        self.plain.append(re.sub(r"\s+", " ", written))

    def _say(self, words: str) -> None:
        self.plain.append(words)

    def _kept(self, name: str, value: str) -> str:
        """Values stand in words, links and pictures; in any other attribute none is read."""
        if name in ("href", "src", "alt"):
            return value
        return IS_ASIDE.sub("", value).replace("@@", "@ @")

    def _led(self, attributes: dict[str, str]) -> dict[str, str]:
        target = self._places.link(attributes.pop("href", ""))
        self._targets.append(target)
        if not target:
            return attributes
        return {"href": target, "style": f"color:{COLOUR};", **attributes}

    def _shown(self, attributes: dict[str, str]) -> dict[str, str]:
        source = self._places.picture(attributes.pop("src", ""))
        alt = self._places.words(attributes.pop("alt", ""))
        return {**({"src": source} if source else {}), "alt": alt, **attributes}

    def _bullet(self) -> str:
        if not self._lists or not self._lists[-1]:
            return "- "
        self._lists[-1] += 1
        return f"{self._lists[-1] - 1}. "
