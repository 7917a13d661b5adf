"""The tiles of a dashboard, made of the figures of this reader's hotels: each group of one period and cut once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext
from markupsafe import Markup

from services.console.pages.figures import shown
from services.console.pages.figures.asked import Asked
from services.console.pages.figures.assembled import KeyFigures, Line, assemble_all
from services.console.pages.figures.changed import period_words
from services.console.rules.dashboards import Tile
from shared.localtime import local_date
from shared.vocabulary.window import last_windows
from shared.web.access_control import my_hotels
from shared.web.pages.periods import hotel_shown
from shared.web.site import here


@dataclass(frozen=True)
class ShownTile:
    """`whom`: empty for everybody. `course`: a small line; None where too little of it is known."""

    name: str
    period: str
    whom: str
    value: str
    parts: str
    why: str
    target: str
    is_met: bool | None
    is_firm: bool
    before: str
    course: Markup | None
    address: str


def shown_tiles(tiles: Sequence[Tile]) -> tuple[list[ShownTile], list[str]]:
    """In order; and the services that do not answer."""
    asked = {(one.span, one.cut, one.value): _asked(one) for one in tiles}
    found = dict(zip(asked, assemble_all(list(asked.values())), strict=True)) if asked else {}
    made = [_shown(one, asked[one.span, one.cut, one.value], found[one.span, one.cut, one.value]) for one in tiles]
    return made, sorted({service for one in found.values() for service in one.silent})


def _asked(tile: Tile) -> Asked:
    """Of the last period that is over."""
    hotel = hotel_shown()
    zone = hotel.zone if hotel else next((one.zone for one in my_hotels()), "UTC")
    window = last_windows(tile.span, local_date(here().now(), zone), 2)[0]
    return Asked(tile.span, window, hotel, tile.cut, tile.value, zone)


def _shown(tile: Tile, asked: Asked, found: KeyFigures) -> ShownTile:
    line = next(one for one in found.lines if one.now.definition.key == tile.figure)
    now = line.now
    return ShownTile(
        name=gettext(now.definition.label),
        period=period_words(asked, asked.window),
        whom=_whom(tile, found),
        value=shown.value_words(now.definition, now.value, now.currency),
        parts=shown.parts_words(now),
        why=shown.why_words(now) if now.value is None else "",
        target=shown.target_words(now.definition, line.target, line.days),
        is_met=line.meets,
        is_firm=now.is_firm,
        before=_before(line),
        course=shown.course_of(now, line.course),
        address=f"/figures?{asked.query()}#figure-{tile.figure}",
    )


def _before(line: Line) -> str:
    before = line.before
    if before.value is None:
        return ""
    return gettext("a year before %(value)s", value=shown.value_words(before.definition, before.value, before.currency))


def _whom(tile: Tile, found: KeyFigures) -> str:
    if not tile.cut:
        return ""
    named = {str(one["value"]): str(one["name"]) for one in found.values}
    return named.get(tile.value) or tile.value or gettext("not known")
