"""What lies outside what chance explains, and what of it is one warning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.console.rules.warnings.control import Judged
from shared.vocabulary.signal import ON_THE_BOOKS, Signal


@dataclass(frozen=True)
class Outside:
    """`part` over `whole`: its two numbers. `property`: empty, where it is of no one hotel. `about`: which sender or
    source it is of, and `named` what people call that; empty, the hotel itself. `also`: what else lies outside of the
    same."""

    signal: Signal
    property: str
    judged: Judged
    part: int
    whole: int
    about: str = ""
    named: str = ""
    also: tuple[Outside, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As it is kept beside another."""
        judged = self.judged
        numbers = {"value": judged.value, "centre": judged.centre, "border": judged.border}
        return {"signal": str(self.signal), **numbers, "part": self.part, "whole": self.whole}


def same_warning(signal: Signal) -> tuple[Signal, ...]:
    """The signals of one warning, the first of which that lies outside gives it its name."""
    return ON_THE_BOOKS if signal in ON_THE_BOOKS else (signal,)


def folded(found: Iterable[Outside]) -> list[Outside]:
    """What is about the same days of a hotel, as one."""
    by_warning: dict[tuple[str, str, str], list[Outside]] = {}
    for one in found:
        by_warning.setdefault((same_warning(one.signal)[0], one.property, one.about), []).append(one)
    return [_one(several) for _, several in sorted(by_warning.items())]


def _one(several: Sequence[Outside]) -> Outside:
    first, *others = sorted(several, key=lambda one: same_warning(one.signal).index(one.signal))
    return replace(first, also=tuple(others))
