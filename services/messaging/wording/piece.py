"""One piece of writing, compiled, and what all of them together become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Protocol

from jinja2 import Template as Compiled

from services.messaging.wording import sandbox
from services.messaging.wording.links import NAME, Tracked
from services.messaging.wording.sheets import Copy
from services.messaging.wording.simple import read, simple

Values = Mapping[str, Any]

OF_THE_PROPERTY = ("sender", "property")  # the values that all guests of a property share


@dataclass(frozen=True, slots=True)
class Approved:
    """A template that its channel has approved, as the provider knows it, and what fills its places, by number."""

    sid: str
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is sent. `subject` and `html` are e-mail's; a text message is one line. `approved`:
    the template that it is, where the provider writes it. `kept`: by the number of a tracked
    link, where it leads, if values of this guest stand in it. `copy`: the same text and page as a copy of their sheet,
    where they are one."""

    subject: str
    text: str
    html: str | None
    kept: Mapping[int, str] = field(default_factory=dict)
    approved: Approved | None = None
    copy: Copy | None = field(default=None, compare=False, repr=False)


class Ready(Protocol):
    """What is written in one language on one channel, compiled. `needs_window`: it goes only to who wrote lately."""

    needs_window: bool

    @property
    def required(self) -> frozenset[str]:
        """The dotted paths without which it is not complete, the frame's among them."""

    def render(self, values: Values, country: str | None = None, tracked: Tracked | None = None) -> Rendered:
        """`country` is the guest's: some want advertising labelled. `tracked`: the addresses of this message's links;
        None where they lead straight to their targets."""


class Piece:
    """One source, compiled; what has nothing to fill in is kept as it is. `escapes`: its values are escaped."""

    def __init__(self, source: str, *, escapes: bool = False) -> None:
        tree = sandbox.parse(source)
        paths, spared = sandbox.paths(tree)
        self.numbers = frozenset(int(path.partition(".n")[2]) for path in paths if path.startswith(f"{NAME}."))
        self.required = frozenset(path for path in paths - spared if not path.startswith(f"{NAME}."))
        self.is_of_the_property = all(path.partition(".")[0] in OF_THE_PROPERTY for path in paths)
        self._fixed = source if not paths and "{" not in source else None
        self._simple = simple(tree)
        self._compiled: Compiled | None = None if self._fixed is not None else sandbox.compiled(source, escapes=escapes)

    def fill(self, values: sandbox.Reading) -> str:
        if self._compiled is None:
            return self._fixed or ""
        said = read(self._simple, values) if self._simple is not None else None
        return sandbox.fill(self._compiled, values) if said is None else said


@lru_cache(maxsize=1_000)
def piece(source: str, *, escapes: bool = False) -> Piece:
    """The same source is compiled once: an editor draws a mail anew for each change, of which one line is new."""
    return Piece(source, escapes=escapes)
