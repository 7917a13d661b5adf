"""Whether the letters of a mail can be read, by day and in the dark: asked of the page as guests get it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html.parser import HTMLParser

from shared.colours import READABLE, contrast

VOID = frozenset({"img", "br", "meta", "link", "hr", "input", "col", "source", "wbr"})
UNSEEN = frozenset({"head", "style", "title", "script"})
NAMED = {"white": "#ffffff", "black": "#000000"}
IN_THE_DARK = re.compile(r"@media \(prefers-color-scheme: dark\)\s*\{((?:[^{}]*\{[^{}]*\})*)\s*\}")
RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
WITHOUT_WIDTH = dict.fromkeys((0xAD, 0x34F, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
PIXELS = re.compile(r"([\d.]+)px")
LARGE, LARGE_BOLD, READABLE_LARGE = 24.0, 18.66, 3.0  # pixels, and the contrast that letters of that size need


@dataclass(frozen=True)
class Look:
    """How letters stand at one place: None for a colour that is not told as one."""

    colour: str | None = "#000000"
    background: str | None = "#ffffff"
    size: float = 16.0
    is_bold: bool = False
    is_unseen: bool = False


@dataclass(frozen=True)
class Faint:
    """Letters that are hard to read. `words`: the first of them."""

    words: str
    ratio: float
    in_the_dark: bool


@lru_cache(maxsize=64)
def faint_letters(page: str) -> tuple[Faint, ...]:
    """What has less contrast than WCAG asks for, each pair of colours once."""
    dark = _dark_rules(page)
    return (*_read(page, {}), *(_read(page, dark) if dark else ()))


def _read(page: str, rules: Rules) -> Iterator[Faint]:
    reader = _Reader(rules)
    reader.feed(page)
    seen = set[tuple[str, str]]()
    for words, look in reader.found:
        if look.colour is None or look.background is None or (look.colour, look.background) in seen:
            continue
        seen.add((look.colour, look.background))
        ratio = contrast(look.colour, look.background)
        is_large = look.size >= LARGE or (look.is_bold and look.size >= LARGE_BOLD)
        if ratio < (READABLE_LARGE if is_large else READABLE):
            yield Faint(words, ratio, bool(rules))


Selector = tuple[str, str, bool]
"""A class, a kind of element below it (empty: itself), and whether it must stand right below."""
Rules = Mapping[Selector, Mapping[str, str]]


def _dark_rules(page: str) -> Rules:
    found: dict[Selector, Mapping[str, str]] = {}
    for block in IN_THE_DARK.findall(page):
        for selectors, style in RULE.findall(block):
            for selector in selectors.split(","):
                name, *below = selector.strip().removeprefix(".").split()
                key = (name, below[-1] if below else "", ">" in below)
                found[key] = {**found.get(key, {}), **_declared(style)}
    return found


def _declared(style: str) -> dict[str, str]:
    """What a style says, of a shorthand of the background its colour."""
    pairs = (part.partition(":") for part in style.lower().split(";"))
    found = {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs if value}
    if ground := found.pop("background", ""):
        found["background-color"] = ground.split()[0]
    return found


class _Reader(HTMLParser):
    def __init__(self, rules: Rules) -> None:
        super().__init__()
        self._rules = rules
        self._open: list[tuple[str, frozenset[str], Look]] = [("", frozenset(), Look())]
        self.found: list[tuple[str, Look]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            return
        told = {name: value or "" for name, value in attrs}
        classes = frozenset(told.get("class", "").split())
        style = _declared(told.get("style", ""))
        if told.get("bgcolor"):
            style.setdefault("background-color", told["bgcolor"])
        look = _looked(self._open[-1][2], {**style, **self._in_the_dark(tag, classes)})
        self._open.append((tag, classes, replace(look, is_unseen=look.is_unseen or tag in UNSEEN)))

    def handle_endtag(self, tag: str) -> None:
        """What was never opened closes nothing; what was left open is closed with what it stands in."""
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place][0] == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        look = self._open[-1][2]
        words = " ".join(data.translate(WITHOUT_WIDTH).split())
        if words and not look.is_unseen:
            self.found.append((words[:40], look))

    def _in_the_dark(self, tag: str, classes: frozenset[str]) -> dict[str, str]:
        style: dict[str, str] = {}
        for (name, below, is_child), declared in self._rules.items():
            above: Sequence[tuple[str, frozenset[str], Look]] = self._open[-1:] if is_child else self._open
            if (not below and name in classes) or (below == tag and any(name in each[1] for each in above)):
                style |= declared
        return style


def _looked(above: Look, style: Mapping[str, str]) -> Look:
    look = above
    if "color" in style:
        look = replace(look, colour=_hex(style["color"]))
    if (ground := style.get("background-color")) and ground not in ("transparent", "none", "inherit"):
        look = replace(look, background=_hex(ground))
    if size := PIXELS.fullmatch(style.get("font-size", "")):
        look = replace(look, size=float(size[1]))
    if weight := style.get("font-weight"):
        look = replace(look, is_bold=weight == "bold" or (weight.isdecimal() and int(weight) >= 600))
    if style.get("display") == "none":
        look = replace(look, is_unseen=True)
    return look


def _hex(colour: str) -> str | None:
    colour = NAMED.get(colour.strip(), colour.strip())
    if re.fullmatch(r"#[0-9a-f]{3}", colour):
        colour = "#" + "".join(letter * 2 for letter in colour[1:])
    return colour if re.fullmatch(r"#[0-9a-f]{6}", colour) else None
