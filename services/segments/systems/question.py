"""What is asked of another system, and by whose authority."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Question:
    """`path`: behind the system's address, or a whole address. `query`: values of one name may be several."""

    path: str
    method: str = "GET"
    query: Sequence[tuple[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = None

    def with_headers(self, **headers: str) -> Question:
        """Names with underlines for hyphens."""
        return replace(
            self, headers={**self.headers, **{name.replace("_", "-"): value for name, value in headers.items()}}
        )


@dataclass(frozen=True)
class Token:
    value: str
    until: datetime


class Asks(Protocol):
    """Who puts questions to one system within one window. `hotels`: by their numbers there."""

    @property
    def hotels(self) -> Sequence[str]: ...

    @property
    def credentials(self) -> Mapping[str, str]: ...

    def ask(self, question: Question) -> Any:
        """The answer's document; None where the system has nothing of that name. Raises `Unanswered` and `Paused`."""
        ...
