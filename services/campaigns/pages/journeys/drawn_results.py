"""What a journey brought, written into its drawing: at each message, or at each way of a split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.campaigns.pages.flow import Node, flow_of
from services.campaigns.pages.sentences.names import Names
from services.campaigns.queries.results import By, ResultLine
from services.campaigns.steps.kind import Document

ON_THE_DRAWING = (By.STEP, By.WAY)


@dataclass(frozen=True)
class Part:
    """`key`: as results are told apart."""

    key: str
    name: str
    line: ResultLine


@dataclass(frozen=True)
class WayResult:
    """Of one way of a split: guests who went it, those written to, and those who booked."""

    entered: int
    written: int
    booked: int


@dataclass(frozen=True)
class Drawn:
    """`results_by_step`: by the key of a message; `results_by_way`: by split, then by the name of the way."""

    document: Document
    flow: list[Node]
    names: Names
    results_by_step: Mapping[str, ResultLine]
    results_by_way: Mapping[str, Mapping[str, WayResult]]


def drawn_results(by: By, document: Document, names: Names, parts: Sequence[Part]) -> Drawn | None:
    """None where results are told apart by what has no place in the drawing."""
    if by not in ON_THE_DRAWING:
        return None
    by_step = {part.key: part.line for part in parts} if by is By.STEP else {}
    by_way = _by_way(parts) if by is By.WAY else {}
    return Drawn(document, flow_of(document, names), names, by_step, by_way)


def _by_way(parts: Sequence[Part]) -> dict[str, dict[str, WayResult]]:
    """A part is of guests who went the same ways of all splits: «split-1:a split-2:b»."""
    found: dict[str, dict[str, WayResult]] = {}
    for part in parts:
        for one in part.key.split():
            split, _, way = one.partition(":")
            before = found.setdefault(split, {}).get(way, WayResult(0, 0, 0))
            line = part.line
            found[split][way] = WayResult(
                before.entered + line.entered, before.written + line.written, before.booked + line.booked
            )
    return found
