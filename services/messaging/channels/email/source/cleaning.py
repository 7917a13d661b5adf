"""HTML as a mail keeps it: `nh3` lets through what `kept` lists and nothing else; what goes is told with its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import nh3

from services.messaging.channels.email.source.kept import (
    ATTRIBUTES,
    EVERYWHERE,
    FRAME,
    GONE_WHOLE,
    TAGS,
    attributes_of,
    declarations,
    is_kept,
    kept_style,
    narrowed_width,
)
from services.messaging.channels.email.source.tree import Node, read_tree, spans, without
from services.messaging.rules.links.targets import SCHEMES

ALLOWED = {tag: set(EVERYWHERE | ATTRIBUTES.get(tag, frozenset())) for tag in TAGS}
CONDITIONAL = "<!--[if", "<![endif]-->"  # what Word alone reads
MOST_TOLD = 200


@dataclass(frozen=True, order=True)
class LeftOut:
    """`what`: <script>, onclick, position: fixed, … `line`: of the first; `times`: how often."""

    line: int
    what: str
    times: int = 1


def cleaned(html: str) -> str:
    """Without anything that acts, loads or follows. Wherever a link or a picture leads is left to `places`."""
    return nh3.clean(
        without(html, *CONDITIONAL),
        tags=set(TAGS),
        clean_content_tags=set(GONE_WHOLE),
        attributes=ALLOWED,
        attribute_filter=_kept_attribute,
        link_rel=None,
        url_schemes={*SCHEMES},
    )


def _kept_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return kept_style(value) or None
    return narrowed_width(value) if name == "width" and tag != "img" else value


def left_out(html: str) -> list[LeftOut]:
    """Raises `TooMuch`."""
    found: dict[str, list[int]] = {}
    for start, _ in spans(html, *CONDITIONAL):
        found.setdefault("<!--[if …]>", []).append(html.count("\n", 0, start) + 1)
    for line, what in _told(read_tree(html).root):
        found.setdefault(what, []).append(line)
    return sorted(LeftOut(lines[0], what, len(lines)) for what, lines in found.items())[:MOST_TOLD]


def _told(node: Node) -> Iterator[tuple[int, str]]:
    for child in node.elements():
        if child.tag in GONE_WHOLE or (child.tag not in TAGS and child.tag not in FRAME):
            yield child.line, f"<{child.tag}>"
        if child.tag in GONE_WHOLE:
            continue
        if child.tag in TAGS:
            yield from _told_attributes(child)
        yield from _told(child)


def _told_attributes(node: Node) -> Iterator[tuple[int, str]]:
    for name, value in node.attributes.items():
        if name == "style":
            yield from (
                (node.line, f"{key}: {said[:60]}") for key, said in declarations(value) if not is_kept(key, said)
            )
        elif name not in attributes_of(node.tag) and not name.startswith(("data-", "xmlns", "itemprop", "id")):
            yield node.line, f"{name} (<{node.tag}>)"
