"""How the steps of a document lie: which stand below which, which in a way of which fork, and where ways meet.

The steps of a document stand in one list, and ways lead forward only. Of a fork whose first way is the step below it,
each way's steps reach to where the next way begins; where one of them jumps further, the ways meet there, and the
last way has steps of its own. No line leads on from a way that ends, nor from one that goes on elsewhere. A draft is
laid out too: a way that leads nowhere yet leads on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.campaigns.steps import jumps_to, kind_of, ways_of
from services.campaigns.steps.exit import Exit
from services.campaigns.steps.jump import Jump
from services.campaigns.steps.kind import Document


@dataclass(frozen=True)
class LaidWay:
    """`elsewhere`: the place it jumps to, where that is not the one below."""

    steps: tuple[Laid, ...]
    elsewhere: int | None = None

    @property
    def ends(self) -> bool:
        """Whether nothing drawn below comes after it."""
        return self.elsewhere is not None or (bool(self.steps) and self.steps[-1].ends)


@dataclass(frozen=True)
class Laid:
    """A step at its place of the list, with all that stands in its ways: `end` is the place after them."""

    place: int
    end: int
    ways: tuple[LaidWay, ...] = ()
    leaves: bool = False  # the journey, or for a step that is not the one below

    @property
    def ends(self) -> bool:
        return all(way.ends for way in self.ways) if self.ways else self.leaves


@dataclass(frozen=True)
class _Block:
    """The steps of a way, and where it goes on: None where it does so where all ways meet, or ends."""

    first: int
    end: int
    elsewhere: int | None = None


def laid_out(steps: Sequence[Document]) -> tuple[Laid, ...]:
    return _Layout(steps).lay(0, len(steps))


def every(laid: Sequence[Laid]) -> Iterator[Laid]:
    """All of them from the top down, those in ways after their fork."""
    for one in laid:
        yield one
        for way in one.ways:
            yield from every(way.steps)


def reached(steps: Sequence[Document]) -> set[int]:
    """The places that somebody can come to."""
    layout = _Layout(steps)
    found: set[int] = set()
    ahead = [0] if steps else []
    while ahead:
        place = ahead.pop()
        if place < len(steps) and place not in found:
            found.add(place)
            ahead += layout.next_of(place)
    return found


class _Layout:
    def __init__(self, steps: Sequence[Document]) -> None:
        self.steps = steps
        self.places = {step["key"]: place for place, step in enumerate(steps)}

    def next_of(self, place: int) -> list[int]:
        step = self.steps[place]
        if kind_of(step) == Exit.kind or _goes_elsewhere(step):
            return []
        return self.targets(place) or [place + 1]

    def targets(self, place: int) -> list[int]:
        """Where each way of the step leads, none where it has no ways."""
        return [self.target(place, key) for key in ways_of(self.steps[place]).values()]

    def target(self, place: int, key: str | None) -> int:
        target = self.places.get(key, place + 1) if key else place + 1
        return max(target, place + 1)

    def jump_of(self, place: int) -> int | None:
        """Where the step goes on, if it is a jump within the journey."""
        to = jumps_to(self.steps[place])
        return None if to is None else self.target(place, to)

    def lay(self, first: int, end: int) -> tuple[Laid, ...]:
        found: list[Laid] = []
        place = first
        while place < end:
            found.append(self.laid(place, end))
            place = found[-1].end
        return tuple(found)

    def laid(self, place: int, end: int) -> Laid:
        step, targets = self.steps[place], self.targets(place)
        if not targets or kind_of(step) == Jump.kind:
            return Laid(place, place + 1, leaves=self.leaves(place))
        inside = sorted({target for target in targets if target <= end})
        if inside[:1] == [place + 1] and len(inside) > 1:
            blocks, meet = self.blocks(inside, end)
            return Laid(place, meet, tuple(self.way(meet, blocks, target) for target in targets))
        straight = [LaidWay((), None if target == place + 1 else target) for target in targets]
        return Laid(place, place + 1, tuple(straight))

    def leaves(self, place: int) -> bool:
        step, jump = self.steps[place], self.jump_of(place)
        return kind_of(step) == Exit.kind or _goes_elsewhere(step) or (jump is not None and jump != place + 1)

    def blocks(self, targets: Sequence[int], end: int) -> tuple[dict[int, _Block], int]:
        """By where each way begins, its steps; and where the ways meet."""
        last = targets[-1]
        jumps = [self.jump_of(after - 1) for after in targets[1:]]
        further = [jump for jump in jumps if jump is not None and last < jump <= end]
        meet = min(further, default=last)
        blocks = {last: _Block(last, meet)}
        for first, after, jump in zip(targets, targets[1:], jumps, strict=False):
            if jump is None:
                blocks[first] = _Block(first, after, None if after == meet else after)
            elif jump == meet:
                blocks[first] = _Block(first, after - 1)
            else:
                blocks[first] = _Block(first, after)  # the jump is drawn, as any other step is
        return blocks, meet

    def way(self, meet: int, blocks: dict[int, _Block], target: int) -> LaidWay:
        block = blocks.get(target)
        if block is None:
            return LaidWay((), None if target == meet else target)
        steps, elsewhere = self.lay(block.first, block.end), block.elsewhere
        ends = bool(steps) and steps[-1].ends
        return LaidWay(steps, None if ends or elsewhere in (None, meet) else elsewhere)


def _goes_elsewhere(step: Document) -> bool:
    return bool(step.get(Jump.kind, {}).get("journey"))
