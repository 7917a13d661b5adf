"""Dashboards: which figures, of whom, of which period, in which order; and the three that are ready."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.console.rules.figures.definitions import BY_KEY
from shared.vocabulary.term import N_, Term
from shared.vocabulary.window import Span

MOST_TILES = 12
LONGEST_NAME = 80
LONGEST_VALUE = 200
CUTS = ("", "market", "channel", "country", "segment")


@dataclass(frozen=True)
class Tile:
    """A figure of the last period that is over. `cut` and `value`: of whom; both empty for everybody."""

    figure: str
    cut: str = ""
    value: str = ""
    span: Span = Span.MONTH

    @property
    def is_sound(self) -> bool:
        return self.figure in BY_KEY and self.cut in CUTS and len(self.value) <= LONGEST_VALUE


class Ready(Term):
    """Dashboards to begin with."""

    DIRECTOR = "director", N_("For the director")
    MARKETER = "marketer", N_("For the marketer")
    MANAGER = "manager", N_("For the hotel manager")


def _tiles(*figures: str) -> tuple[Tile, ...]:
    return tuple(Tile(one) for one in figures)


READY: Mapping[Ready, tuple[Tile, ...]] = {
    Ready.DIRECTOR: _tiles("spend", "retention", "nps", "complaints", "direct", "length"),
    Ready.MARKETER: _tiles("repurchase", "reach_email", "reach_sms", "cost_won", "direct", "lead"),
    Ready.MANAGER: _tiles("nps", "complaints", "response", "cancellation", "length", "lead"),
}


def moved(tiles: Sequence[Tile], place: int, by: int) -> list[Tile]:
    """With the tile at that place further down (`by` 1) or up (−1); as before at either end."""
    found, other = list(tiles), place + by
    if 0 <= place < len(found) and 0 <= other < len(found):
        found[place], found[other] = found[other], found[place]
    return found


def without(tiles: Sequence[Tile], place: int) -> list[Tile]:
    return [one for number, one in enumerate(tiles) if number != place]
