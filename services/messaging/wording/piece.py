"""One piece of writing, compiled, and what all of them together become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from jinja2 import Template as Compiled
from jinja2.runtime import Context

from services.messaging.wording import sandbox

Values = Mapping[str, Any]

OF_THE_PROPERTY = ("sender", "property")  # the values that all guests of a property share


@dataclass(frozen=True, slots=True)
class Rendered:
    """What is sent. `subject` and `html` are e-mail's; a text message is one line."""

    subject: str
    text: str
    html: str | None


class Ready(Protocol):
    """What is written in one language on one channel, compiled."""

    @property
    def required(self) -> frozenset[str]:
        """The dotted paths without which it is not complete, the frame's among them."""

    def render(self, values: Values, country: str | None = None) -> Rendered:
        """`country` is the guest's: some want advertising labelled."""


class Piece:
    """One source, compiled; what has nothing to fill in is kept as it is. `escapes`: its values are escaped."""

    def __init__(self, source: str, *, escapes: bool = False) -> None:
        tree = sandbox.parse(source)
        read, spared = sandbox.paths(tree)
        self.required = read - spared
        self.is_of_the_property = all(path.partition(".")[0] in OF_THE_PROPERTY for path in read)
        self._fixed = source if not read and "{" not in source else None
        self._compiled: Compiled | None = None if self._fixed is not None else sandbox.compiled(source, escapes=escapes)

    def fill(self, context: Context) -> str:
        if self._compiled is None:
            return self._fixed or ""
        return sandbox.fill(self._compiled, context)
