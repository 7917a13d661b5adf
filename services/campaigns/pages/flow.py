"""How a journey is drawn: its steps from the top down, the ways of a fork side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext

from services.campaigns.pages.sentences.names import Names
from services.campaigns.pages.steps import sentence, view_of
from services.campaigns.steps import kind_of, ways_of
from services.campaigns.steps.exit import Exit
from services.campaigns.steps.kind import Document

DISTANCES = ((0, 1), (6, 2), (24, 3), (72, 4), (24 * 14, 5), (24 * 60, 6))  # hours from, how long the line is drawn


@dataclass(frozen=True)
class Way:
    """One way of a fork. `goes_on`: the step it jumps to, in words, where that is not the one drawn below."""

    label: str
    nodes: list[Node]
    goes_on: str | None = None

    @property
    def ends(self) -> bool:
        """Whether nothing comes after it."""
        return bool(self.nodes) and self.nodes[-1].kind == Exit.kind


@dataclass(frozen=True)
class Node:
    key: str
    kind: str
    words: str
    more: str = ""
    distance: int = 1
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True)
class Drawing:
    steps: Sequence[Document]
    places: dict[str, int]
    names: Names


def flow_of(document: Document, names: Names) -> list[Node]:
    """Works on drafts too: a fork that leads nowhere yet is drawn as leading on."""
    steps = document["steps"]
    places = {step["key"]: place for place, step in enumerate(steps)}
    return _lay(Drawing(steps, places, names), 0, len(steps))


def _lay(drawing: Drawing, first: int, end: int) -> list[Node]:
    found: list[Node] = []
    place = first
    while place < end:
        step = drawing.steps[place]
        targets = [_target(drawing, place, key) for key in ways_of(step).values()]
        if not targets:
            found.append(_node(drawing, step))
            place += 1
            continue
        near, far = min(targets), max(targets)
        if near == place + 1 and near < far <= end:
            inside = _lay(drawing, near, far)
            found.append(_node(drawing, step, [(inside if target == near else [], None) for target in targets]))
            place = far
        else:
            found.append(_node(drawing, step, [([], _jump(drawing, place, target)) for target in targets]))
            place += 1
    return found


def _target(drawing: Drawing, place: int, key: str | None) -> int:
    target = drawing.places.get(key, place + 1) if key else place + 1
    return max(target, place + 1)


def _jump(drawing: Drawing, place: int, target: int) -> str | None:
    if target == place + 1:
        return None
    if target >= len(drawing.steps):
        return str(gettext("the end"))
    return sentence(drawing.steps[target], drawing.names)


def _node(drawing: Drawing, step: Document, ways: Sequence[tuple[list[Node], str | None]] = ()) -> Node:
    kind, view = kind_of(step), view_of(step)
    hours = view.hours(step[kind])
    return Node(
        key=step["key"],
        kind=kind,
        words=sentence(step, drawing.names),
        more=view.more(step[kind]),
        distance=max(size for start, size in DISTANCES if hours >= start),
        ways=tuple(Way(str(label), *way) for label, way in zip(view.ways, ways, strict=True)),
    )
