"""Words of HTML as our marks: bold, italic, links, line breaks; whatever else looks like a mark is written as words."""

from __future__ import annotations

import re

from services.messaging.channels.email.source.kept import declarations
from services.messaging.channels.email.source.places import VALUE
from services.messaging.channels.email.source.tree import Node
from services.messaging.wording.rich import leads_somewhere

SIGNS = re.compile(r"([\\*_\[\]`])")
NAMED = re.compile(r"\{\{\s*(links\.[a-z_]+)\s*\}\}")
INLINE = frozenset(
    [
        "a",
        "abbr",
        "b",
        "big",
        "br",
        "code",
        "del",
        "em",
        "font",
        "i",
        "ins",
        "small",
        "span",
        "strike",
        "strong",
        "s",
        "sub",
        "sup",
        "u",
    ]
)
BREAK = "\ue006"


def marks_of(node: Node) -> str:
    """Of an element's content, tidy: no blanks at ends of lines, no empty line."""
    return tidy(_inside(node))


def marks_of_nodes(nodes: list[Node]) -> str:
    return tidy("".join(map(_of, nodes)))


def tidy(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.split(BREAK))
    return "\n".join(map(_not_a_list, filter(None, lines)))


def target_of(link: Node) -> str:
    """Where it leads, as a block says it; empty where nowhere."""
    target = link.attributes.get("href", "").strip()
    if named := NAMED.fullmatch(target):
        return named[1]
    return target if leads_somewhere(target) else ""


def _inside(node: Node) -> str:
    return "".join(map(_of, node.children))


def _of(node: Node) -> str:
    if not node.tag:
        return _escaped(re.sub(r"\s+", " ", node.text))
    if node.tag == "br":
        return BREAK
    inner = _inside(node)
    if node.tag == "a" and (target := target_of(node)):
        return _around(inner, "[", f"]({target})") if " " not in target else inner
    style = dict(declarations(node.attributes.get("style", "")))
    if node.tag in ("b", "strong") or style.get("font-weight", "") in ("bold", "bolder", "600", "700", "800"):
        return _around(inner, "**", "**")
    if node.tag in ("i", "em") or style.get("font-style") == "italic":
        return _around(inner, "*", "*")
    return inner


def _around(inner: str, before: str, after: str) -> str:
    """Marks stand close to their words, and within one line; marks of the same kind do not stand in each other."""
    done = []
    for line in inner.split(BREAK):
        bare = line.strip()
        inside = bare.replace(before, "") if before == "**" else bare
        lead, trail = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
        done.append(f"{lead}{before}{inside}{after}{trail}" if inside else line)
    return BREAK.join(done)


def _escaped(text: str) -> str:
    pieces, at = [], 0
    for found in VALUE.finditer(text):
        pieces += [SIGNS.sub(r"\\\1", text[at : found.start()]), found[0]]
        at = found.end()
    return "".join([*pieces, SIGNS.sub(r"\\\1", text[at:])])


def _not_a_list(line: str) -> str:
    return re.sub(r"^([-+]|\d+[.)])(?=\s)", lambda found: found[0][:-1] + "\\" + found[0][-1], line)
