"""How a journey is drawn: its steps from the top down, the ways of a fork side by side.

The steps of a document stand in one list, and ways lead forward only. Of a fork whose first way is the step below it,
each way's steps reach to where the next way begins; where one of them jumps further, the ways meet there, and the
last way has steps of its own. No line leads on from a way that ends, nor from one that goes on elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext

from services.campaigns.pages.sentences.names import Names
from services.campaigns.pages.steps import sentence, view_of, with_messages
from services.campaigns.steps import jumps_to, kind_of, ways_of
from services.campaigns.steps.exit import Exit
from services.campaigns.steps.jump import Jump
from services.campaigns.steps.kind import Document

DISTANCES = ((0, 1), (6, 2), (24, 3), (72, 4), (24 * 14, 5), (24 * 60, 6))  # hours from, how long the line is drawn


@dataclass(frozen=True)
class Way:
    """One way of a fork. `goes_on`: the step it jumps to, in words, where that is not the one drawn below. `name`: that
    of a way of a split."""

    label: str
    nodes: list[Node]
    goes_on: str | None = None
    name: str = ""

    @property
    def ends(self) -> bool:
        """Whether nothing drawn below comes after it."""
        return self.goes_on is not None or (bool(self.nodes) and self.nodes[-1].ends)


@dataclass(frozen=True)
class Node:
    key: str
    kind: str
    words: str
    more: str = ""
    distance: int = 1
    ways: tuple[Way, ...] = ()
    leaves: bool = False  # for a step that is not the one below

    @property
    def ends(self) -> bool:
        if self.ways:
            return all(way.ends for way in self.ways)
        return self.kind == Exit.kind or self.leaves


@dataclass(frozen=True)
class Drawing:
    steps: Sequence[Document]
    places: dict[str, int]
    names: Names


@dataclass(frozen=True)
class Block:
    """The steps of a way, and where it goes on: None where it does so where all ways meet, or ends."""

    first: int
    end: int
    elsewhere: int | None = None


def flow_of(document: Document, names: Names) -> list[Node]:
    """Works on drafts too: a fork that leads nowhere yet is drawn as leading on."""
    steps = document["steps"]
    places = {step["key"]: place for place, step in enumerate(steps)}
    return _lay(Drawing(steps, places, with_messages(names, steps)), 0, len(steps))


def _lay(drawing: Drawing, first: int, end: int) -> list[Node]:
    found: list[Node] = []
    place = first
    while place < end:
        step = drawing.steps[place]
        targets = [_target(drawing, place, key) for key in ways_of(step).values()]
        if not targets or kind_of(step) == Jump.kind:
            jump = _jump_of(drawing, place)
            found.append(replace(_node(drawing, step), leaves=_leaves(step, place, jump)))
            place += 1
            continue
        inside = sorted({target for target in targets if target <= end})
        if inside[:1] == [place + 1] and len(inside) > 1:
            blocks, place = _blocks(drawing, inside, end)
            found.append(_node(drawing, step, [_way(drawing, place, blocks, target) for target in targets]))
        else:
            found.append(_node(drawing, step, [([], _jump(drawing, place + 1, target)) for target in targets]))
            place += 1
    return found


def _leaves(step: Document, place: int, jump: int | None) -> bool:
    return bool(step.get(Jump.kind, {}).get("journey")) or (jump is not None and jump != place + 1)


def _blocks(drawing: Drawing, targets: Sequence[int], end: int) -> tuple[dict[int, Block], int]:
    """By where each way begins, its steps; and where the ways meet."""
    last = targets[-1]
    jumps = [_jump_of(drawing, after - 1) for after in targets[1:]]
    further = [jump for jump in jumps if jump is not None and last < jump <= end]
    meet = min(further, default=last)
    blocks = {last: Block(last, meet)}
    for first, after, jump in zip(targets, targets[1:], jumps, strict=False):
        if jump is None:
            blocks[first] = Block(first, after, None if after == meet else after)
        elif jump == meet:
            blocks[first] = Block(first, after - 1)
        else:
            blocks[first] = Block(first, after)  # the jump is drawn, as any other step is
    return blocks, meet


def _way(drawing: Drawing, meet: int, blocks: dict[int, Block], target: int) -> tuple[list[Node], str | None]:
    block = blocks.get(target)
    if block is None:
        return [], _jump(drawing, meet, target)
    nodes = _lay(drawing, block.first, block.end)
    ends = bool(nodes) and nodes[-1].ends
    elsewhere = block.elsewhere
    return nodes, None if ends or elsewhere is None else _jump(drawing, meet, elsewhere)


def _jump_of(drawing: Drawing, place: int) -> int | None:
    """Where the step goes on, if it is a jump within the journey."""
    to = jumps_to(drawing.steps[place])
    return None if to is None else _target(drawing, place, to)


def _target(drawing: Drawing, place: int, key: str | None) -> int:
    target = drawing.places.get(key, place + 1) if key else place + 1
    return max(target, place + 1)


def _jump(drawing: Drawing, below: int, target: int) -> str | None:
    if target == below:
        return None
    if target >= len(drawing.steps):
        return str(gettext("the end"))
    return sentence(drawing.steps[target], drawing.names)


def _node(drawing: Drawing, step: Document, ways: Sequence[tuple[list[Node], str | None]] = ()) -> Node:
    kind, view = kind_of(step), view_of(step)
    content = step[kind]
    hours = view.hours(content)
    labels = view.way_labels(content, drawing.names) if ways else ()
    names = [way["name"] for way in content["ways"]] if kind == "split" else [""] * len(ways)
    return Node(
        key=step["key"],
        kind=kind,
        words=sentence(step, drawing.names),
        more=view.more(content),
        distance=max(size for start, size in DISTANCES if hours >= start),
        ways=tuple(Way(label, *way, name=name) for label, way, name in zip(labels, ways, names, strict=True)),
    )
