"""How people meet a kind of step: its name and sign, its sentences, its form, its place in the drawing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from services.campaigns.pages.sentences.names import Names
from services.campaigns.schemas.forms import Form
from services.campaigns.steps.kind import Document

Ways = Sequence[str]  # where each way of a step leads, in words


def _nothing_more(_content: Document) -> str:
    return ""


def _near(_content: Document) -> float:
    return 0


def _no_choices() -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class StepView:
    """Of one kind of step. Its template `steps/<kind>.html` has two macros: `fields`, its form, and `draw`.

    `sentence` says in one line what it does, `whole` all it says, so that no change goes unseen. `problems`, by error
    code or by field, say what is missing. `more` is a second line of its drawing, `hours` the time that passes in it,
    `ways` name where it may lead, in the order of the kind's `leads`; `named_ways` do so of a kind whose ways are
    part of its content. `choices` are what the form's fields offer.
    """

    label: Any
    icon: str
    sentence: Callable[[Document, Names], str]
    read: Callable[[Form], Document]
    problems: Mapping[str, Any]
    whole: Callable[[Document, Names, Ways], str]
    more: Callable[[Document], str] = _nothing_more
    hours: Callable[[Document], float] = _near
    ways: tuple[Any, ...] = ()
    choices: Callable[[], Mapping[str, Any]] = field(default=_no_choices)
    named_ways: Callable[[Document, Names], Sequence[str]] | None = None

    def way_labels(self, content: Document, names: Names) -> Sequence[str]:
        return self.named_ways(content, names) if self.named_ways else [str(way) for way in self.ways]


def hours_in(length: Mapping[str, Any]) -> float:
    """The hours of a length of days, hours and minutes; what is no number yet counts nothing."""
    parts = [length.get(name, 0) for name in ("days", "hours", "minutes")]
    days, hours, minutes = (part if isinstance(part, int) else 0 for part in parts)
    return days * 24 + hours + minutes / 60
