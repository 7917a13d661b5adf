"""Source read: MJML of whole sections or of what stands in a column, or HTML, as letters, places and raw HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from services.messaging.channels.email.source.cleaning import LeftOut, cleaned, left_out
from services.messaging.channels.email.source.layout_tags import (
    ATTRIBUTES,
    EMPTY,
    IN_A_COLUMN,
    INSIDE,
    LOOK,
    SECTIONS,
    TAGS,
)
from services.messaging.channels.email.source.places import (
    COLOUR,
    IS_ASIDE,
    VALUE,
    Place,
    Places,
    placed,
    tidy,
)
from services.messaging.channels.email.source.tree import Node, TooMuch, read_tree, without
from services.messaging.wording.sandbox import NotOfTheLanguage, parse
from shared.errors import GuestloopError, Problem

LONGEST = 200_000  # characters
CODE = re.compile(r"\{[%#]")
RAW, END = "\ue003", "\ue001"
IS_RAW = re.compile(f"{RAW}(\\d+){END}")
WHOLE = '<mj-text padding="0" line-height="1.4" css-class="ink">'


class Unreadable(GuestloopError):
    """Source that cannot be read, and in which line."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class SourceRead:
    """`mjml`, with the numbers of `raw` where that HTML stands; both and `plain` with the numbers of `places`.
    `is_sections`: whole ones, else what stands in a column. `foreign`: pictures that lie elsewhere, not shown."""

    mjml: str
    raw: tuple[str, ...]
    plain: str
    places: tuple[Place, ...]
    is_sections: bool
    foreign: tuple[str, ...]
    left_out: tuple[LeftOut, ...]


def read_source(text: str) -> SourceRead:
    """MJML where there is any in it, else HTML. Raises `Unreadable`."""
    bare = without(without(text, "<style", "</style"), "<script", "</script")
    if found := CODE.search(bare):
        line = bare.count("\n", 0, found.start()) + 1
        raise Unreadable(Problem(f"line {line}: {found[0]} is not used in source", "source_code", line=line))
    places = Places()
    aside = places.set_aside(text)
    _check_values(text, aside)
    try:
        if re.search(r"<mj-|<mjml", aside, re.IGNORECASE):
            return _Layout(aside, places).read()
        gone, html = left_out(aside), cleaned(aside)
    except TooMuch:
        raise Unreadable(Problem("has more parts than a mail", "source_too_much")) from None
    done = placed(html, places)
    column = f'<mj-column padding="0">{WHOLE}{RAW}0{END}</mj-text></mj-column>'
    return SourceRead(
        f"<mj-section>{column}</mj-section>",
        (done.html,),
        done.plain,
        tuple(places.all),
        True,
        tuple(places.foreign),
        tuple(gone),
    )


def _check_values(text: str, aside: str) -> None:
    """Every value can be read, and no brace is left over."""
    for found in VALUE.finditer(text):
        try:
            parse(found[0])
        except NotOfTheLanguage as error:
            line = text.count("\n", 0, found.start()) + 1
            raise Unreadable(
                Problem(f"line {line}: {error.what}", "unreadable_line", line=line, what=error.what)
            ) from error
    if "{{" in aside:
        line = aside.count("\n", 0, aside.index("{{")) + 1
        raise Unreadable(Problem(f"line {line}: a value begins and does not end", "source_value", line=line))


class _Layout:
    """One source of MJML."""

    def __init__(self, source: str, places: Places) -> None:
        self._source, self._places = source, places
        self._raw: list[str] = []
        self._plain: list[str] = []
        self._gone: list[LeftOut] = []

    def read(self) -> SourceRead:
        tree = read_tree(self._source)
        for tag, line in tree.stray:
            if tag.startswith("mj"):
                raise Unreadable(
                    Problem(f"line {line}: <{tag}> ends what did not begin", "source_stray", line=line, name=tag)
                )
        top = self._top(tree.root)
        are_sections = {node.tag in SECTIONS for node in top}
        if len(are_sections) > 1:
            raise Unreadable(
                Problem(
                    f"line {top[-1].line}: <{top[-1].tag}> stands beside whole sections",
                    "source_mixed",
                    line=top[-1].line,
                    name=top[-1].tag,
                )
            )
        is_sections = True in are_sections
        allowed = SECTIONS if is_sections else IN_A_COLUMN
        mjml = "".join(self._drawn(node, allowed) for node in top)
        return SourceRead(
            mjml,
            tuple(self._raw),
            tidy("\n\n".join(filter(None, self._plain))),
            tuple(self._places.all),
            is_sections,
            tuple(self._places.foreign),
            tuple(self._gone),
        )

    def _top(self, root: Node) -> list[Node]:
        """What stands in the body; of a whole document its head is left out."""
        nodes = list(root.elements())
        while len(nodes) == 1 and nodes[0].tag in ("mjml", "mj-body"):
            nodes = list(nodes[0].elements())
            heads = [node for node in nodes if node.tag == "mj-head"]
            self._gone += [LeftOut(node.line, "<mj-head>") for node in heads]
            nodes = [node for node in nodes if node.tag != "mj-head"]
        return nodes

    def _drawn(self, node: Node, allowed: frozenset[str]) -> str:
        if node.tag not in TAGS:
            raise Unreadable(
                Problem(
                    f"line {node.line}: <{node.tag}> is no part of a mail", "source_tag", line=node.line, name=node.tag
                )
            )
        if node.tag not in allowed:
            raise Unreadable(
                Problem(
                    f"line {node.line}: <{node.tag}> cannot stand here", "source_place", line=node.line, name=node.tag
                )
            )
        if node.closed_by != node.tag:
            raise Unreadable(
                Problem(
                    f"line {node.line}: <{node.tag}> does not end", "source_unclosed", line=node.line, name=node.tag
                )
            )
        said = self._attributes(node)
        if node.tag in INSIDE:
            return f"<{node.tag}{said}>{self._inside(node)}</{node.tag}>"
        if node.tag in EMPTY:
            return f"<{node.tag}{said}/>"
        return self._with_html(node, said)

    def _inside(self, node: Node) -> str:
        for child in node.children:
            if not child.tag and child.text.strip():
                raise Unreadable(
                    Problem(
                        f"line {child.line}: <{node.tag}> has words that stand in no part",
                        "source_words",
                        line=child.line,
                        name=node.tag,
                    )
                )
        return "".join(self._drawn(child, INSIDE[node.tag]) for child in node.elements())

    def _with_html(self, node: Node, said: str) -> str:
        inner = self._source[node.start : node.end]
        self._gone += [LeftOut(one.line + node.line - 1, one.what, one.times) for one in left_out(inner)]
        target = self._plain.pop() if node.tag == "mj-button" and "href" in node.attributes else ""
        done = placed(cleaned(inner), self._places)
        self._raw.append(done.html)
        self._plain.append("\n".join(filter(None, (done.plain, target))))
        tag = "mj-text" if node.tag == "mj-raw" else node.tag
        return f"<{tag}{said}>{RAW}{len(self._raw) - 1}{END}</{tag}>"

    def _attributes(self, node: Node) -> str:
        kept: dict[str, str] = {}
        if node.tag == "mj-button" and "background-color" not in node.attributes:
            kept = {"background-color": COLOUR}
        if node.tag in ("mj-text", "mj-table", "mj-raw"):
            kept = {"css-class": "ink"}
        for name, value in node.attributes.items():
            if (said := self._attribute(node, name, value)) is not None:
                kept[name] = said
            elif name not in ("src", "href"):
                self._gone.append(LeftOut(node.line, f"{name} (<{node.tag}>)"))
        if node.tag == "mj-image":
            self._plain.append("\n".join(filter(None, (kept.get("alt", ""), kept.get("href", "")))))
            kept.setdefault("alt", "")
        if node.tag == "mj-divider":
            self._plain.append("* * *")
        if node.tag == "mj-button" and "href" in kept:
            self._plain.append(kept["href"])
        return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())

    def _attribute(self, node: Node, name: str, value: str) -> str | None:
        """None: it is left out."""
        of_places: dict[str, Callable[[str], str]] = {
            "href": self._places.link,
            "src": self._places.picture,
            "alt": self._places.words,
            "title": self._places.words,
        }
        if name not in ATTRIBUTES:
            return None
        if name in of_places:
            return of_places[name](value) or None
        return value if LOOK.fullmatch(value) and not IS_ASIDE.search(value) else None
