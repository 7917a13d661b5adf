"""Raw Markdown or HTML in a text, made into the marks that are read there; or taken off where none are."""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from html.parser import HTMLParser
from typing import Any

from services.messaging.wording.rich import ASIDE, OURS, SET_ASIDE, VALUE

HEADING = re.compile(r"(?m)^#{1,6}\s+(.+?)\s*#*$")
BOLD, ITALIC = re.compile(r"\*\*([^*\n]+)\*\*"), re.compile(r"(?<![*\w])\*([^*\n]+)\*(?![*\w])")
TYPED_BOLD = re.compile(r"\\\*\\\*([^*\n]+?)\\\*\\\*")
TYPED_LINK = re.compile(r"\\\[([^\]\n]+?)\\\]\(([^)\s]+)\)")
ESCAPED = re.compile(r"\\([\\*_\[\]])")
LINKED = re.compile(r"\[([^\]\n]+)\]\(([^)\s]+)\)")
AROUND = {"b": "**", "strong": "**", "em": "*", "i": "*", "h1": "**", "h2": "**", "h3": "**"}
BLOCKS = frozenset({"p", "div", "h1", "h2", "h3", "h4", "ul", "ol", "table", "tr"})
Document = dict[str, Any]


def formatted(document: Document, place: str) -> Document:
    """The document with the text at a place (a JSON pointer) read as formatting: a paragraph without marks becomes a
    text with marks, another line is written without them. The same document where nothing is there."""
    changed = deepcopy(document)
    *above, last = place.strip("/").split("/")
    try:
        holder: Any = changed
        for part in above:
            holder = holder[_key(holder, part)]
        key = _key(holder, last)
        text = holder[key]
    except (KeyError, IndexError, TypeError, ValueError):
        return document
    if not isinstance(text, str):
        return document
    if isinstance(holder, list):
        holder[key] = {"text": {"text": as_marks(text), "align": "left"}}
    else:
        holder[key] = as_marks(text) if place.endswith("/text/text") else without_marks(text)
    return changed


def _key(holder: Any, part: str) -> Any:
    return int(part) if isinstance(holder, list) else part


def as_marks(text: str) -> str:
    """Headings are bold, and what HTML says is said with marks; so is what was typed as a mark where one writes in
    words, and stands there as signs."""

    def marked(words: str) -> str:
        words = TYPED_BOLD.sub(r"**\1**", words)
        words = TYPED_LINK.sub(_link_of, words)
        return HEADING.sub(r"**\1**", _read_tags(words))

    return _beside_values(text, marked)


def _link_of(typed: re.Match[str]) -> str:
    address = ESCAPED.sub(r"\1", typed[2])
    return f"[{typed[1]}]({address})"


def without_marks(text: str) -> str:
    """In one line without any: of a link its words and its address."""

    def bare(words: str) -> str:
        words = HEADING.sub(r"\1", _read_tags(words))
        words = LINKED.sub(r"\1 \2", ITALIC.sub(r"\1", BOLD.sub(r"\1", words)))
        return re.sub(r"(?m)^\s*[-*]\s+", "", words)

    return " ".join(_beside_values(text, bare).split())


def _beside_values(text: str, change: Callable[[str], str]) -> str:
    """Values stand aside meanwhile: none of them is taken for a mark."""
    aside: list[str] = []

    def set_aside(found: re.Match[str]) -> str:
        aside.append(found[0])
        return f"{SET_ASIDE}{len(aside) - 1}\ue001"

    changed = change(VALUE.sub(set_aside, OURS.sub("", text)))
    return ASIDE.sub(lambda found: aside[int(found[1])], changed)


def _read_tags(text: str) -> str:
    if not re.search(r"<[a-zA-Z/]", text):
        return text
    reader = _Tags()
    reader.feed(text)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", "".join(reader.out))).strip()


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.out.append("\n\n")
        if tag == "br":
            self.out.append("\n")
        elif tag == "li":
            self.out.append("\n- ")
        elif tag == "a":
            self._links.append(dict(attrs).get("href") or "")
            self.out.append("[" if self._links[-1] else "")
        self.out.append(AROUND.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in AROUND and self.out and self.out[-1].endswith(" "):
            self.out[-1] = self.out[-1].rstrip()
        self.out.append(AROUND.get(tag, ""))
        if tag == "a" and self._links:
            link = self._links.pop()
            self.out.append(f"]({link})" if link else "")
        if tag in BLOCKS:
            self.out.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.out.append(data)
