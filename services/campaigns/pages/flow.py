"""How a journey is drawn: its steps from the top down, the ways of a fork side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from services.campaigns.pages.words import Names, channels_words, condition_words, length, step_words
from services.campaigns.rules.document import Document
from services.campaigns.rules.drafting import kind_of

DISTANCES = ((0, 1), (6, 2), (24, 3), (72, 4), (24 * 14, 5), (24 * 60, 6))  # hours from, how long the line is drawn


@dataclass(frozen=True)
class Way:
    """One way of a fork. `goes_on`: the step it jumps to, where that is not the one drawn below."""

    label: str
    nodes: list[Node]
    goes_on: str | None = None

    @property
    def ends(self) -> bool:
        """Whether nothing comes after it."""
        return bool(self.nodes) and self.nodes[-1].kind == "exit"


@dataclass(frozen=True)
class Node:
    key: str
    kind: str
    words: str
    more: str = ""
    distance: int = 1
    ways: tuple[Way, ...] = ()


def flow_of(document: Document, names: Names) -> list[Node]:
    """Works on drafts too: a fork that leads nowhere yet is drawn as leading on."""
    steps = document["steps"]
    places = {step["key"]: place for place, step in enumerate(steps)}
    return _lay(steps, places, 0, len(steps), names)


def _lay(steps: list[Document], places: dict[str, int], first: int, end: int, names: Names) -> list[Node]:
    found: list[Node] = []
    place = first
    while place < end:
        step = steps[place]
        if kind_of(step) != "branch":
            found.append(_node(step, names))
            place += 1
            continue
        then, otherwise = (_target(step["branch"][way], place, places) for way in ("then", "else"))
        near, far = sorted((then, otherwise))
        if near == place + 1 and near < far <= end:
            inside = _lay(steps, places, near, far, names)
            found.append(_fork(step, names, inside if then == near else [], inside if otherwise == near else []))
            place = far
        else:
            found.append(_jumps(step, names, steps, then, otherwise))
            place += 1
    return found


def _target(key: str | None, place: int, places: dict[str, int]) -> int:
    target = places.get(key, place + 1) if key else place + 1
    return max(target, place + 1)


def _node(step: Document, names: Names) -> Node:
    kind, words = kind_of(step), step_words(step, names)
    if kind == "send":
        return Node(step["key"], kind, words, _send_more(step["send"]))
    return Node(step["key"], kind, words, distance=_distance(step) if kind.startswith("wait") else 1)


def _send_more(send: Document) -> str:
    useful = length(send["useful_for"])
    return str(gettext("%(channels)s, of use for %(length)s", channels=channels_words(send["channels"]), length=useful))


def _distance(step: Document) -> int:
    wait: dict[str, Any] = step.get("wait", {})
    parts = [wait.get(name, 0) for name in ("days", "hours", "minutes")]
    days, hours, minutes = (part if isinstance(part, int) else 0 for part in parts)
    total = days * 24 + hours + minutes / 60
    return max(size for start, size in DISTANCES if total >= start)


def _fork(step: Document, names: Names, then: list[Node], otherwise: list[Node]) -> Node:
    ways = (Way(gettext("Yes"), then), Way(gettext("No"), otherwise))
    return Node(step["key"], "branch", condition_words(step["branch"]["if"], names), ways=ways)


def _jumps(step: Document, names: Names, steps: list[Document], then: int, otherwise: int) -> Node:
    def key(place: int) -> str:
        return str(steps[place]["key"]) if place < len(steps) else gettext("the end")

    ways = (Way(gettext("Yes"), [], key(then)), Way(gettext("No"), [], key(otherwise)))
    return Node(step["key"], "branch", condition_words(step["branch"]["if"], names), ways=ways)
