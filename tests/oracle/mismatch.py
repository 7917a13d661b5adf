"""What the oracle finds wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mismatch:
    """`kind`: missing, unexpected, differs, malformed or identity; `about`: what it would be counted under."""

    kind: str
    about: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind} · {self.about} · {self.text}"
