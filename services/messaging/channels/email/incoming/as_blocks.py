"""A mail of others as our blocks, where it is made of headings, texts, pictures and buttons, in one column or in rows
of two or three. A table of figures, say, is none: `None`, and it stays source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from services.messaging.channels.email.incoming.inline_marks import INLINE, marks_of, marks_of_nodes, target_of
from services.messaging.channels.email.source.kept import declarations
from services.messaging.channels.email.source.tree import Node
from services.messaging.rules.pictures import FILE

Block = dict[str, Any]
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 3, "h5": 3, "h6": 3}
MOST_COLUMNS, MOST_IN_COLUMN, LONGEST_TEXT, LONGEST_LABEL = 3, 10, 5_000, 80
PLAIN = {"", "transparent", "inherit", "none", "#fff", "#ffffff", "white"}
UNSEEN = ("head", "title", "style", "script", "mj-head")


class _NotSimple(Exception):
    pass


def as_blocks(root: Node) -> list[Block] | None:
    try:
        found = list(_joined(_blocks(root)))
    except _NotSimple:
        return None
    return found or None


def _blocks(node: Node) -> Iterator[Block]:
    """What is written in an element, part by part; words that stand beside each other are one text."""
    loose: list[Node] = []
    for child in node.children:
        if child.tag in UNSEEN or _is_hidden(child):
            continue
        if (not child.tag or child.tag in INLINE) and not _holds_a_part(child):
            loose.append(child)
            continue
        yield from _text(loose, node)
        loose = []
        yield from _part(child)
    yield from _text(loose, node)


def _part(node: Node) -> Iterator[Block]:
    match node.tag:
        case tag if tag in HEADINGS:
            if words := " ".join(re.sub(r"\s+", " ", node.words()).split()):
                yield {"heading": {"text": words[:200], "level": HEADINGS[tag], "align": _align(node)}}
        case "img" | "mj-image":
            yield from _picture(node, node.attributes.get("href", "") if node.tag == "mj-image" else "")
        case "hr" | "mj-divider":
            yield {"divider": {}}
        case "ul" | "ol":
            yield from _list(node)
        case "mj-button":
            yield from _button(node)
        case "mj-spacer":
            return
        case "a" if _is_button(node):
            yield from _button(node)
        case "a":
            pictures = [one for one in node.walk() if one.tag == "img"]
            for picture in pictures:
                yield from _picture(picture, target_of(node))
            if not pictures:
                yield from _blocks(node)
        case "tr" | "mj-section" | "mj-group":
            yield from _row(node)
        case _:
            yield from _blocks(node)


def _row(node: Node) -> Iterator[Block]:
    cells = [cell for cell in node.elements() if cell.tag in ("td", "th", "mj-column", "mj-group")]
    columns = [column for cell in cells if (column := list(_joined(_blocks_of_cell(cell))))]
    if len(columns) <= 1:
        yield from (block for column in columns for block in column)
    elif (
        len(columns) > MOST_COLUMNS
        or any(len(column) > MOST_IN_COLUMN for column in columns)
        or any("columns" in block for column in columns for block in column)
    ):
        raise _NotSimple
    else:
        yield {"columns": {"columns": columns}}


def _blocks_of_cell(cell: Node) -> Iterator[Block]:
    """A cell in a colour with one short link in it is a button."""
    links = [one for one in cell.walk() if one.tag == "a"]
    if len(links) == 1 and _is_coloured(cell) and _is_alone(links[0], cell):
        yield from _button(links[0])
    else:
        yield from _blocks(cell)


def _is_alone(link: Node, cell: Node) -> bool:
    words = link.words().strip()
    return 0 < len(words) <= LONGEST_LABEL and cell.words().strip() == words and bool(target_of(link))


def _text(nodes: list[Node], around: Node) -> Iterator[Block]:
    if words := marks_of_nodes(nodes):
        if len(words) > LONGEST_TEXT:
            raise _NotSimple
        yield {"text": {"text": words, "align": _align(around)}}


def _list(node: Node) -> Iterator[Block]:
    items = [item for item in node.elements() if item.tag == "li"]
    if any(one.tag in ("img", "table", "ul", "ol") for item in items for one in item.walk() if one is not item):
        raise _NotSimple
    signs = ("- " if node.tag == "ul" else f"{number}. " for number in range(1, len(items) + 1))
    lines = [sign + marks_of(item).replace("\n", " ") for sign, item in zip(signs, items, strict=True)]
    if lines:
        yield {"text": {"text": "\n".join(lines), "align": "left"}}


def _picture(node: Node, link: str) -> Iterator[Block]:
    """One that was not taken into the library is not shown: that is told beside."""
    file = node.attributes.get("src", "")
    if FILE.fullmatch(file):
        alt = " ".join(node.attributes.get("alt", "").split())[:300]
        led = {"link": link} if link else {}
        yield {"picture": {"file": file, "alt": alt, "width": 100, "align": "center", **led}}


def _button(node: Node) -> Iterator[Block]:
    words, target = " ".join(node.words().split())[:LONGEST_LABEL], target_of(node)
    if words and target:
        yield {"button": {"label": words, "link": target, "align": _align(node, "center")}}
    elif words:
        yield {"text": {"text": marks_of(node), "align": "left"}}


def _is_button(link: Node) -> bool:
    words = link.words().strip()
    return 0 < len(words) <= LONGEST_LABEL and bool(target_of(link)) and _is_coloured(link)


def _is_coloured(node: Node) -> bool:
    style = dict(declarations(node.attributes.get("style", "")))
    colour = style.get("background-color") or style.get("background") or node.attributes.get("bgcolor", "")
    return colour.split(" ")[0].lower() not in PLAIN


def _holds_a_part(node: Node) -> bool:
    """An inline element that is more than words: a picture, a button, blocks within."""
    if node.tag == "a" and _is_button(node):
        return True
    return any(one.tag and one.tag not in INLINE for one in node.walk() if one is not node) or node.tag == "img"


def _is_hidden(node: Node) -> bool:
    style = dict(declarations(node.attributes.get("style", "")))
    return style.get("display") == "none" or style.get("mso-hide") == "all"


def _align(node: Node, default: str = "left") -> str:
    style: Mapping[str, str] = dict(declarations(node.attributes.get("style", "")))
    said = (style.get("text-align") or node.attributes.get("align") or default).lower()
    return said if said in ("left", "center", "right") else default


def _joined(blocks: Iterator[Block]) -> Iterator[Block]:
    """Lines that stand below each other are dividers once."""
    before: Block | None = None
    for block in blocks:
        if not ("divider" in block and before is not None and "divider" in before):
            yield block
        before = block
