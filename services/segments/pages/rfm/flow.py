"""Who went from class to class, drawn: bands between two rows of bars, as wide as the guests are many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from services.segments.queries.rfm import Moved
from services.segments.rules.rfm import CODES

NEW = ""
HEIGHT, GAP, BAR, LEFT, RIGHT = 330.0, 5.0, 8.0, 62.0, 498.0
"""Of the drawing, in its units: a bar's width, and where the two rows stand."""


@dataclass(frozen=True)
class Bar:
    code: str
    guests: int
    x: float
    y: float
    height: float


@dataclass(frozen=True)
class Ribbon:
    """`path`: of an SVG. `is_still`: who stayed in their class."""

    before: str
    now: str
    guests: int
    path: str
    is_still: bool


@dataclass(frozen=True)
class Drawn:
    before: list[Bar]
    now: list[Bar]
    ribbons: list[Ribbon]


def drawn(moves: Sequence[Moved]) -> Drawn | None:
    """None where nobody is."""
    total = sum(one.guests for one in moves)
    if not total:
        return None
    scale = (HEIGHT - GAP * len(CODES)) / total
    before = _bars(moves, "before", (*CODES, NEW), LEFT, scale)
    now = _bars(moves, "now", CODES, RIGHT, scale)
    starts = {bar.code: bar.y for bar in before}
    ends = {bar.code: bar.y for bar in now}
    ribbons = []
    order = {code: place for place, code in enumerate((*CODES, NEW))}
    for one in sorted(moves, key=lambda one: (order[one.before], order[one.now])):
        width = one.guests * scale
        path = _path(starts[one.before], ends[one.now], width)
        ribbons.append(Ribbon(one.before, one.now, one.guests, path, one.before == one.now))
        starts[one.before] += width
        ends[one.now] += width
    return Drawn(before, now, ribbons)


def _bars(moves: Sequence[Moved], side: str, codes: Sequence[str], x: float, scale: float) -> list[Bar]:
    counted: dict[str, int] = defaultdict(int)
    for one in moves:
        counted[getattr(one, side)] += one.guests
    bars, y = [], 0.0
    for code in codes:
        if counted[code]:
            bars.append(Bar(code, counted[code], x, round(y, 2), round(counted[code] * scale, 2)))
            y += counted[code] * scale + GAP
    return bars


def _path(start: float, end: float, width: float) -> str:
    left, right = LEFT + BAR, RIGHT
    middle = (left + right) / 2
    return (
        f"M{left:.1f} {start:.2f}C{middle:.1f} {start:.2f} {middle:.1f} {end:.2f} {right:.1f} {end:.2f}"
        f"V{end + width:.2f}C{middle:.1f} {end + width:.2f} {middle:.1f} {start + width:.2f} {left:.1f} "
        f"{start + width:.2f}Z"
    )
