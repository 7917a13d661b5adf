"""A dashboard is put together: figures, of whom, of which period, in which order, and whom it is shared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.dashboards import change
from services.console.pages.dashboards.page import load_mine
from services.console.pages.figures.page import value_name
from services.console.pages.forms import problems_of
from services.console.queries.sources import known_markets
from services.console.rules.dashboards import LONGEST_VALUE, MOST_TILES, Tile, moved, without
from services.console.rules.figures.definitions import BY_KEY, DEFINITIONS
from services.console.store.dashboards import Dashboard
from services.console.store.figure_settings import known_channels
from shared.access.people import May
from shared.errors import Conflict, InputError
from shared.localtime import local_date
from shared.vocabulary.role import PEOPLE
from shared.vocabulary.window import Span, last_windows
from shared.web.access_control import me, needs
from shared.web.i18n.labels import label
from shared.web.i18n.windows import spans_to_choose
from shared.web.pages.periods import hotel_shown
from shared.web.site import ask_neighbours, here

DASHBOARD_EDIT = Blueprint(
    "console_dashboard_edit", __name__, url_prefix="/figures/dashboards/<uuid:dashboard_id>/edit"
)
Reply = str | Response | tuple[str, int]


@DASHBOARD_EDIT.get("")
@needs(May.SEE_FIGURES)
def show(dashboard_id: UUID) -> str:
    with here().transaction() as tx:
        found = load_mine(tx, dashboard_id)
    return _form(found, {})


@DASHBOARD_EDIT.post("")
@needs(May.SEE_FIGURES)
def save(dashboard_id: UUID) -> Reply:
    """Every button saves: «Save» goes to the dashboard, the others stay here, at the tile they were about."""
    with here().transaction() as tx:
        found = load_mine(tx, dashboard_id)
    new, place = _sent(found)
    try:
        with here().transaction() as tx:
            change(tx, found, new, me(), here().now())
    except InputError as error:
        return _form(new, problems_of(error)), 422
    except Conflict as error:
        return _form(replace(new, version=found.version), {"name": gettext(str(error))}), 409
    if place is None:
        flash(gettext("Saved."))
        return redirect(f"/figures/dashboards/{dashboard_id}", 303)
    return redirect(f"/figures/dashboards/{dashboard_id}/edit#tile-{place}", 303)


def _sent(found: Dashboard) -> tuple[Dashboard, int | None]:
    """As it was sent and what the button did to it; and the tile to come back to, None where it is done."""
    form = request.form
    columns = (form.getlist(name) for name in ("figure", "whom", "span"))
    tiles = [one for sent in zip(*columns, strict=False) if (one := _tile(*sent)).is_sound]
    tiles, place = _pressed(tiles)
    roles = {str(role) for role in PEOPLE}
    return (
        replace(
            found,
            version=int(version) if (version := form.get("version", "")).isdecimal() else 0,
            name=form.get("name", "").strip(),
            shared_with=[role for role in form.getlist("role") if role in roles],
            tiles=tiles,
        ),
        place,
    )


def _pressed(tiles: Sequence[Tile]) -> tuple[list[Tile], int | None]:
    verb, _, number = request.form.get("do", "").partition(":")
    place = int(number) if number.isdecimal() else -1
    if verb == "add":
        return [*tiles, Tile(DEFINITIONS[0].key)], len(tiles)
    if verb == "drop":
        return without(tiles, place), max(place - 1, 0)
    if verb in ("up", "down"):
        step = -1 if verb == "up" else 1
        return moved(tiles, place, step), min(max(place + step, 0), len(tiles) - 1)
    return list(tiles), None


def _tile(figure: str, whom: str, span: str) -> Tile:
    cut, _, value = whom.partition(":")
    spans = {str(one): one for one in Span}
    return Tile(figure, cut, value[:LONGEST_VALUE] if cut else "", spans.get(span, Span.MONTH))


def _form(found: Dashboard, problems: Mapping[str, str]) -> str:
    whom = _whom()
    known = {value for _, values in whom for value, _ in values}
    lost = {f"{one.cut}:{one.value}": one.value for one in found.tiles if one.cut} if found.tiles else {}
    return render_template(
        "dashboard_edit.html",
        dashboard=found,
        tiles=[(one.figure, f"{one.cut}:{one.value}" if one.cut else "", str(one.span)) for one in found.tiles],
        figures=[(one.key, gettext(one.label)) for one in DEFINITIONS],
        names={key: gettext(one.label) for key, one in BY_KEY.items()},
        whom=whom,
        lost=[(value, name) for value, name in lost.items() if value not in known],
        spans=spans_to_choose(),
        roles=[(str(role), label(role)) for role in PEOPLE],
        problems=problems,
        is_full=len(found.tiles) >= MOST_TILES,
    )


def _whom() -> list[tuple[str, list[tuple[str, str]]]]:
    """Of whom a figure can be, in groups: channels and markets as sources name them, countries and segments as guests
    of last year had them."""
    with here().transaction() as tx:
        channels, markets = known_channels(tx), known_markets(tx)
    groups = [
        (gettext("Channel"), [(f"channel:{one}", one) for one in channels]),
        (gettext("Market"), [(f"market:{one}", one) for one in markets]),
    ]
    hotel = hotel_shown()
    first = last_windows(Span.YEAR, local_date(here().now(), hotel.zone if hotel else "UTC"), 1)[0].first.isoformat()
    asked = {"hotel": hotel.code if hotel else "", "span": str(Span.YEAR), "first": first}
    paths = {cut: f"/segments/figures?{urlencode({**asked, 'cut': cut})}" for cut in ("country", "segment")}
    told: Mapping[str, Any] = ask_neighbours(paths.values())
    for cut, title in (("country", gettext("Country")), ("segment", gettext("Segment or class"))):
        values = (told[paths[cut]] or {}).get("values", [])
        groups.append((title, [(f"{cut}:{one['value']}", value_name(one["name"])) for one in values]))
    return [group for group in groups if group[1]]
