"""How a journey is drawn: its steps as they lie, each with its words, the ways of a fork side by side."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext

from services.campaigns.pages.sentences.names import Names
from services.campaigns.pages.steps import sentence, view_of, with_messages
from services.campaigns.rules.layout import Laid, laid_out, reached
from services.campaigns.steps import jumps_to, kind_of
from services.campaigns.steps.kind import Document

DISTANCES = ((0, 1), (6, 2), (24, 3), (72, 4), (24 * 14, 5), (24 * 60, 6))  # hours from, how long the line is drawn


@dataclass(frozen=True)
class Way:
    """One way of a fork. `goes_on`: the step it jumps to, in words, where that is not the one drawn below. `name`: that
    of a way of a split. `ends`: nothing drawn below comes after it."""

    label: str
    nodes: list[Node]
    goes_on: str | None = None
    name: str = ""
    ends: bool = False


@dataclass(frozen=True)
class Node:
    """`ends`: nothing drawn below comes after it. `alone`: nobody comes to it. `takes`: how many steps stand in its
    ways. `jumps`: the step it goes on at."""

    key: str
    kind: str
    words: str
    more: str = ""
    distance: int = 1
    ways: tuple[Way, ...] = ()
    ends: bool = False
    note: str = ""
    alone: bool = False
    takes: int = 0
    jumps: str = ""


@dataclass(frozen=True)
class Drawing:
    steps: Sequence[Document]
    names: Names
    reached: Collection[int]


def flow_of(document: Document, names: Names) -> list[Node]:
    """Works on drafts too."""
    steps = document["steps"]
    return _nodes(Drawing(steps, with_messages(names, steps), reached(steps)), laid_out(steps))


def every_node(nodes: Sequence[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        for way in node.ways:
            yield from every_node(way.nodes)


def _nodes(drawing: Drawing, laid: Sequence[Laid]) -> list[Node]:
    return [_node(drawing, one) for one in laid]


def _node(drawing: Drawing, laid: Laid) -> Node:
    step = drawing.steps[laid.place]
    kind, view = kind_of(step), view_of(step)
    content = step[kind]
    hours = view.hours(content)
    return Node(
        key=step["key"],
        kind=kind,
        words=_jump_words(drawing, step) or sentence(step, drawing.names),
        more=view.more(content),
        distance=max(size for start, size in DISTANCES if hours >= start),
        ways=_ways(drawing, laid),
        ends=laid.ends,
        note=step.get("note", ""),
        alone=laid.place not in drawing.reached,
        takes=sum(_steps_in(one) for way in laid.ways for one in way.steps),
        jumps=jumps_to(step) or "",
    )


def _jump_words(drawing: Drawing, step: Document) -> str:
    """Where a jump leads, by what is done there."""
    target = next((one for one in drawing.steps if one["key"] == jumps_to(step)), None)
    return str(gettext("Go on at «%(step)s»", step=sentence(target, drawing.names))) if target else ""


def _steps_in(laid: Laid) -> int:
    return 1 + sum(_steps_in(one) for way in laid.ways for one in way.steps)


def _ways(drawing: Drawing, laid: Laid) -> tuple[Way, ...]:
    step = drawing.steps[laid.place]
    content = step[kind_of(step)]
    labels = view_of(step).way_labels(content, drawing.names) if laid.ways else ()
    names = [way["name"] for way in content["ways"]] if "split" in step else [""] * len(laid.ways)
    return tuple(
        Way(label, _nodes(drawing, way.steps), _elsewhere(drawing, way.elsewhere), name, way.ends)
        for label, way, name in zip(labels, laid.ways, names, strict=True)
    )


def _elsewhere(drawing: Drawing, target: int | None) -> str | None:
    if target is None:
        return None
    if target >= len(drawing.steps):
        return str(gettext("the end"))
    return sentence(drawing.steps[target], drawing.names)
