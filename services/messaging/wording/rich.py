"""Bold, italic, lists and links in a text, as the few marks of Markdown that a marketer's button makes.

**bold**, *italic*, «- » and «1. » before the lines of a list, [words](links.survey) and [words](https://…). Nothing
else of Markdown is read, HTML is text like any other, and a plain address becomes a link.

A text with marks is two sources: of what stands in a page, in which values are escaped as they are filled in, and of
what stands in a plain text. Values are set aside while the marks are read, so that none of them is taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import escape

from services.messaging.rules.links.targets import SCHEMES, parted, shown_as
from services.messaging.wording.sandbox import NotOfTheLanguage

LINK = re.compile(r"links\.[a-z_]+")
VALUE = re.compile(r"\{\{.*?\}\}|\{%-?\s*(?P<word>\w+).*?%\}|\{#.*?#\}", re.DOTALL)
SET_ASIDE = "\ue000"
OURS = re.compile("[\ue000\ue001]")
ASIDE = re.compile(SET_ASIDE + r"(\d+)" + "\ue001")
MARKS = {"strong": ("<strong>", "</strong>"), "em": ("<em>", "</em>")}
COLOURED = """style="color:{{ sender.colour | default('#2f4a43') }};\""""  # ours where a hotel has no colour of its own
LIST = 'style="margin:0;padding:0 0 0 24px;"'

Linked = Callable[[str], str]
"""From a link as it is written to what stands for it in a source: its address with values, or its mark."""


@dataclass(frozen=True)
class Rich:
    """A text with marks, read. `page` and `plain` are sources in the language of texts; `links` in their order."""

    page: str
    plain: str
    links: tuple[str, ...]


def read_rich(text: str, linked: Linked) -> Rich:
    """NotOfTheLanguage where an `if` begins within a mark or a list and ends outside of it."""
    aside: list[re.Match[str]] = []

    def set_aside(found: re.Match[str]) -> str:
        aside.append(found)
        return f"{SET_ASIDE}{len(aside) - 1}\ue001"

    tokens = _reader().parse(VALUE.sub(set_aside, OURS.sub("", text.strip())))
    links: list[str] = []
    written = _Written(aside, linked, links)
    for token in tokens:
        written.take(token)
    return Rich(written.back("".join(written.page)), written.back(written.plain_text()), tuple(links))


def plain_as_rich(text: str, linked: Linked) -> Rich:
    """A text without marks, whose lines are broken as they stand and whose addresses are links."""
    page, plain, links = list[str](), list[str](), list[str]()
    for words, target in parted(text):
        page.append(_escaped(words).replace("\n", "<br>"))
        plain.append(words)
        if target:
            links.append(target)
            led = linked(target)
            page.append(f'<a href="{escape(led)}" class="link" {COLOURED}>{escape(shown_as(target))}</a>')
            plain.append(led)
    return Rich("".join(page), "".join(plain), tuple(links))


def leads_somewhere(link: str) -> bool:
    """One of the links there are by name, or an address; how that is written is asked when it is published."""
    return bool(LINK.fullmatch(link)) or link.partition(":")[0].lower() in SCHEMES


def _escaped(source: str) -> str:
    """The words of a source escaped, its values as they stand."""
    pieces, at = list[str](), 0
    for found in VALUE.finditer(source):
        pieces += [str(escape(source[at : found.start()])), found[0]]
        at = found.end()
    return "".join([*pieces, str(escape(source[at:]))])


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero").enable(["emphasis", "list", "link", "newline", "escape"])
    reader.validateLink = leads_somewhere  # type: ignore[method-assign, assignment]
    reader.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return reader


class _Written:
    """Both sources as they grow, token by token."""

    def __init__(self, aside: list[re.Match[str]], linked: Linked, links: list[str]) -> None:
        self.page: list[str] = []
        self._plain: list[str] = []
        self._lists: list[int] = []  # of each open list the number of its item; 0: without numbers
        self._aside, self._linked, self._links = aside, linked, links
        self._target = ""  # of the link that is open

    def plain_text(self) -> str:
        return re.sub(r"\n{3,}", "\n\n", "".join(self._plain)).strip()

    def back(self, source: str) -> str:
        """With the values where they stood."""
        return ASIDE.sub(lambda found: self._aside[int(found[1])][0], source)

    def take(self, token: Token) -> None:
        match token.type:
            case "paragraph_open" if not token.hidden:
                self.page.append('<p style="margin:0 0 12px;">')
            case "paragraph_close":
                self._put("" if token.hidden else "</p>", "\n" if token.hidden else "\n\n")
            case "bullet_list_open" | "ordered_list_open":
                self._lists.append(0 if token.tag == "ul" else int(token.attrGet("start") or 1))
                self.page.append(f"<{token.tag} {LIST}>")
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
                self._put(f"</{token.tag}>", "\n")
            case "list_item_open":
                self._put("<li>", self._bullet())
            case "list_item_close":
                self.page.append("</li>")
            case "inline":
                self._check(token.children or [])
                for child in token.children or []:
                    self._take_inline(child)

    def _bullet(self) -> str:
        indent, number = "  " * (len(self._lists) - 1), self._lists[-1]
        if not number:
            return f"{indent}- "
        self._lists[-1] += 1
        return f"{indent}{number}. "

    def _take_inline(self, token: Token) -> None:
        match token.type:
            case "text":
                self._words(token.content)
            case "softbreak" | "hardbreak":
                self._put("<br>", "\n")
            case "strong_open" | "em_open":
                self.page.append(MARKS[token.tag][0])
            case "strong_close" | "em_close":
                self.page.append(MARKS[token.tag][1])
            case "link_open":
                self._open_link(self.back(str(token.attrGet("href"))))
            case "link_close":
                self._put("</a>", f" ({self._target})")
            case other:
                raise NotOfTheLanguage(f"«{other}» is no mark of a text")

    def _words(self, content: str) -> None:
        """Words, with plain addresses made into links."""
        for words, target in parted(self.back(content)):
            self._put(_escaped(words), words)
            if target:
                self._open_link(target)
                self._put(f"{escape(shown_as(target))}</a>", self._target)

    def _open_link(self, target: str) -> None:
        self._links.append(target)
        self._target = self._linked(target)
        self.page.append(f'<a href="{escape(self._target)}" class="link" {COLOURED}>')

    def _put(self, page: str, plain: str) -> None:
        self.page.append(page)
        self._plain.append(plain)

    def _check(self, inline: list[Token]) -> None:
        """An `if` ends within the marks it began in: else a guest for whom it does not hold would read half a mark."""
        depth, opened = 0, list[int]()
        for token in inline:
            depth += token.nesting
            for found in ASIDE.finditer(token.content) if token.type == "text" else ():
                match self._aside[int(found[1])]["word"]:
                    case "if":
                        opened.append(depth)
                    case "elif" | "else" if opened and opened[-1] == depth:
                        pass
                    case "endif" if opened and opened.pop() == depth:
                        pass
                    case None:
                        pass
                    case word:
                        raise NotOfTheLanguage(f"«{word}» stands inside a mark or a paragraph its «if» is not in")
        if opened:
            raise NotOfTheLanguage("an «if» begins here and does not end in the same paragraph")
