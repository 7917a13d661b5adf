"""Source as a tree whose nodes know their lines: of HTML as browsers forgive it, and of MJML."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


VOID = words("area base br col embed hr img input link meta param source track wbr")
MOST_NODES, DEEPEST, MOST_UNENDED = 20_000, 120, 200


class TooMuch(Exception):
    """This source has more parts, or stands deeper in itself, than any mail does."""


def spans(text: str, begins: str, ends: str) -> Iterator[tuple[int, int]]:
    """Where what begins and ends so stands, found in one walk; what does not end reaches to the end."""
    low, at = text.lower(), 0
    while (start := low.find(begins, at)) >= 0:
        close = low.find(ends, start + len(begins))
        at = low.find(">", close) + 1 if close >= 0 else len(text)
        at = at or len(text)
        yield start, at


def without(text: str, begins: str, ends: str) -> str:
    """Without these, every other line where it stood."""
    pieces, at = [], 0
    for start, end in spans(text, begins, ends):
        pieces += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end
    return "".join([*pieces, text[at:]])


@dataclass
class Node:
    """An element, or a text where `tag` is empty. `line` counts from 1; `begins` and `ends`: where it stands in the
    source, `start` and `end`: where what is in it stands."""

    tag: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    text: str = ""
    begins: int = 0
    start: int = 0
    end: int = 0
    ends: int = 0
    closed_by: str | None = None  # the tag that ended it; None where none did

    def elements(self) -> Iterator[Node]:
        return (child for child in self.children if child.tag)

    def walk(self) -> Iterator[Node]:
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting.extend(reversed(node.children))

    def words(self) -> str:
        return "".join(node.text for node in self.walk())


class _Reader(HTMLParser):
    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self._source = source
        self._starts = [0]
        for line in source.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self.root = Node("root", 1, end=len(source))
        self._open = [self.root]
        self._count = 0
        self.stray: list[tuple[str, int]] = []  # ends that nothing began
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = self._added(tag, attrs)
        if tag in VOID:
            node.closed_by = tag
        else:
            self._open.append(node)
        if len(self._open) > DEEPEST:
            raise TooMuch()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._added(tag, attrs).closed_by = tag

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if all(node.tag != tag for node in self._open[1:]):
            self.stray.append((tag, self.getpos()[0]))
            return
        while True:
            node = self._open.pop()
            node.closed_by, node.end, node.ends = tag, self._at(), self._at()
            if node.tag == tag:
                node.ends = self._source.find(">", node.end) + 1 or self.root.end
                return

    def handle_data(self, data: str) -> None:
        self._append(Node("", self.getpos()[0], text=data))

    def close(self) -> None:
        super().close()
        for node in self._open:
            node.end = node.ends = self.root.end

    def _added(self, tag: str, attrs: list[tuple[str, str | None]]) -> Node:
        begins = self._at()
        start = begins + len(self.get_starttag_text() or "")
        said = {name: value or "" for name, value in attrs}
        node = Node(tag, self.getpos()[0], said, begins=begins, start=start, end=start, ends=start)
        self._append(node)
        return node

    def _append(self, node: Node) -> None:
        self._count += 1
        if self._count > MOST_NODES:
            raise TooMuch()
        self._open[-1].children.append(node)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._starts[min(line, len(self._starts)) - 1] + column


@dataclass(frozen=True)
class Tree:
    root: Node
    stray: tuple[tuple[str, int], ...]


def read_tree(source: str) -> Tree:
    """Raises `TooMuch`; also where hundreds of tags begin and do not end, which the reader would look for each anew."""
    if source.count("<") - source.count(">") > MOST_UNENDED or source.count("<!") + source.count("<?") > MOST_NODES:
        raise TooMuch()
    reader = _Reader(source)
    return Tree(reader.root, tuple(reader.stray))
