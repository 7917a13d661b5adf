"""Where a step stands in the drawing: put it on a line, move it with all in its ways, take it out.

A line of the drawing is a `Line`. Whoever does not come by that line goes on as before: where the list of steps would
send them through the new step, a jump or an end is written for them, as a hand would.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from services.campaigns.rules.drafting import Misplaced, fresh_key, place_of
from services.campaigns.rules.layout import Laid, every, laid_out
from services.campaigns.steps import KINDS, changed_ways, kind_of, ways_of
from services.campaigns.steps.exit import Exit
from services.campaigns.steps.jump import Jump
from services.campaigns.steps.kind import Document
from shared.errors import InputError

Steps = list[Document]
BELOW = "\x00below"  # stands, while steps are moved, for whatever will be below them


@dataclass(frozen=True)
class Line:
    """Below the step `after` and all its ways; or at the head of way number `way` of the fork `into`; or, with neither,
    below the entry."""

    after: str | None = None
    into: str | None = None
    way: int = 0


def add_on(draft: Document, kind: str, line: Line) -> tuple[Document, str]:
    """The draft with a fresh step on the line, and the key of the new one."""
    if kind not in KINDS:
        raise InputError(problems={"kind": "there is no such step"})
    key = fresh_key(draft["steps"], KINDS[kind].stem)
    return _with(draft, _put(draft["steps"], line, [{"key": key, kind: deepcopy(KINDS[kind].fresh)}])), key


def copy_below(draft: Document, key: str) -> tuple[Document, str]:
    """The draft with the same step once more below it; of a fork, what it asks, with nothing in its ways."""
    step = deepcopy(draft["steps"][place_of(draft, key)])
    new = fresh_key(draft["steps"], KINDS[kind_of(step)].stem)
    if kind_of(step) != Jump.kind:
        for way in ways_of(step):
            _lead(step, way, None)
    return _with(draft, _put(draft["steps"], Line(after=key), [{**step, "key": new}])), new


def move_to(draft: Document, key: str, line: Line) -> Document:
    """Raises `Misplaced` where the line lies in the step's own ways."""
    laid = _laid(draft["steps"], key)
    own = {one["key"] for one in draft["steps"][laid.place : laid.end]}
    if line.after == key:
        return draft
    if line.after in own or line.into in own:
        raise Misplaced("into_itself")
    rest, taken = _cut(draft["steps"], laid)
    return _with(draft, _tidy(_put(rest, line, taken)))


def take_out(draft: Document, key: str) -> Document:
    """Without the step and all that stands in its ways: who came to it goes on below."""
    rest, taken = _cut(draft["steps"], _laid(draft["steps"], key))
    for gone in taken:
        rest = [changed_ways(step, gone["key"], None) for step in rest]
    return _with(draft, _tidy(rest))


def _with(draft: Document, steps: Steps) -> Document:
    return {**draft, "steps": steps}


def _laid(steps: Sequence[Document], key: str | None) -> Laid:
    place = place_of({"steps": steps}, key or "")
    return next((one for one in every(laid_out(steps)) if one.place == place), Laid(place, place + 1))


def _cut(steps: Sequence[Document], laid: Laid) -> tuple[Steps, Steps]:
    """What stays, and what was taken out; each goes on where it did."""
    taken, rest = deepcopy(list(steps[laid.place : laid.end])), deepcopy([*steps[: laid.place], *steps[laid.end :]])
    key = steps[laid.place]["key"]
    below = steps[laid.end]["key"] if laid.end < len(steps) else None
    if below:
        _relead(taken, lambda _place, _way, to: BELOW if to == below else to)
    leading = [place for place, step in enumerate(rest) if key in ways_of(step).values()]
    if leading and not below and leading != [len(rest) - 1]:
        below = _end_for(rest)
    _relead(rest, lambda _place, _way, to: below if to == key else to)
    return rest, taken


def _put(steps: Sequence[Document], line: Line, new: Steps) -> Steps:
    found, new = deepcopy(list(steps)), deepcopy(new)
    at, by = _where(found, line)
    if any(BELOW in ways_of(step).values() for step in new) or _passed_by(found, at, by):
        below = found[at]["key"] if at < len(found) else _end_for(found)
        _relead(new, lambda _place, _way, to: below if to == BELOW else to)
        _lead_past(found, at, by, below)
        at = place_of({"steps": found}, below)
    else:
        below = found[at]["key"] if at < len(found) else None
    first = new[0]["key"]
    _relead(found, lambda place, way, to: first if by(place, way) and to == below and to else to)
    return [*found[:at], *new, *found[at:]]


By = Callable[[int, str], bool]


def _where(steps: Steps, line: Line) -> tuple[int, By]:
    """The place of the list where it begins, and whether one comes there from the way of the step at a place."""
    if line.after is not None:
        laid = _laid(steps, line.after)
        return laid.end, lambda place, _way: laid.place <= place < laid.end
    if line.into is None:
        return 0, lambda _place, _way: False
    fork = place_of({"steps": steps}, line.into)
    ways = list(ways_of(steps[fork]).items())
    if not 0 <= line.way < len(ways):
        raise Misplaced("no_such_way")
    name, to = ways[line.way]
    target = next((place for place, step in enumerate(steps) if step["key"] == to), fork + 1) if to else fork + 1
    if target <= fork:
        raise Misplaced("leads_back")
    return target, lambda place, way: place == fork and way == name


def _passed_by(steps: Steps, at: int, by: By) -> bool:
    """Whether somebody else falls from the step above into this place."""
    return at > 0 and any(not by(at - 1, way) for way in _falling(steps[at - 1]))


def _falling(step: Document) -> list[str]:
    """The ways by which one comes from the step to the one below it in the list; "" of a step without ways."""
    ways = ways_of(step)
    if kind_of(step) in (Exit.kind, Jump.kind):
        return []
    return [way for way, to in ways.items() if to is None] if ways else [""]


def _lead_past(steps: Steps, at: int, by: By, below: str) -> None:
    """Who falls into the place, and not by the line, is led to the step `below` by name."""
    falling = [way for way in (_falling(steps[at - 1]) if at else []) if not by(at - 1, way)]
    if falling == [""]:
        steps.insert(at, {"key": fresh_key(steps, Jump.stem), Jump.kind: {"to": below}})
        return
    for way in falling:
        _lead(steps[at - 1], way, below)


def _relead(steps: Steps, new: Callable[[int, str, str | None], str | None]) -> None:
    for place, step in enumerate(steps):
        for way, to in ways_of(step).items():
            if (other := new(place, way, to)) != to:
                _lead(step, way, other)


def _lead(step: Document, way: str, to: str | None) -> None:
    *path, last = way.split("/")
    found: Any = step[kind_of(step)]
    for part in path:
        found = found[int(part)] if isinstance(found, list) else found[part]
    found[last] = to


def _end_for(steps: Steps) -> str:
    """An end of its own, for ways that lead past all that stands."""
    key = fresh_key(steps, Exit.stem)
    steps.append({"key": key, Exit.kind: dict(Exit.fresh)})
    return key


def _tidy(steps: Steps) -> Steps:
    """Without the jumps that lead to the step right below them: whoever led to such a jump leads there."""
    for place, step in enumerate(steps[:-1]):
        below = steps[place + 1]["key"]
        if step.get(Jump.kind, {}).get("to") == below:
            rest = [*steps[:place], *steps[place + 1 :]]
            gone = step["key"]
            _relead(rest, lambda _place, _way, to, gone=gone, below=below: below if to == gone else to)  # type: ignore[misc]
            return _tidy(rest)
    return steps
