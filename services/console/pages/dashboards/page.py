"""Dashboards: the ones there are, one of them, and three ready ones to begin with."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.dashboards import begin, take_away
from services.console.pages.dashboards.tiles import shown_tiles
from services.console.pages.other_services import silence_of
from services.console.rules.dashboards import READY, Ready
from services.console.rules.figures.definitions import BY_KEY
from services.console.store import dashboards as store
from services.console.store.dashboards import Dashboard
from shared.access.people import May
from shared.database.pool import Tx
from shared.web.access_control import me, my_hotels, needs
from shared.web.i18n.labels import label
from shared.web.pages.periods import hotel_shown, is_one_of_several
from shared.web.site import here

DASHBOARDS = Blueprint("console_dashboards", __name__, url_prefix="/figures/dashboards")


@DASHBOARDS.get("")
@needs(May.SEE_FIGURES)
def show_all() -> str:
    with here().transaction() as tx:
        found = store.seen_by(tx, me().person_id, me().role)
    ready = [
        (str(one), label(one), gettext(", ").join(gettext(BY_KEY[tile.figure].label) for tile in READY[one]))
        for one in Ready
    ]
    return render_template("dashboards.html", dashboards=found, ready=ready, mine=me().person_id)


@DASHBOARDS.post("")
@needs(May.SEE_FIGURES)
def start() -> Response:
    """`ready`: which of the ready ones; another word: an empty one."""
    kinds, number = {str(one): one for one in Ready}, uuid4()
    ready = kinds.get(request.form.get("ready", ""))
    name = str(label(ready)) if ready else gettext("New dashboard")
    with here().transaction() as tx:
        begin(tx, number, name, READY[ready] if ready else (), me(), here().now())
    return redirect(f"/figures/dashboards/{number}" + ("" if ready else "/edit"), 303)


@DASHBOARDS.get("/<uuid:dashboard_id>")
@needs(May.SEE_FIGURES)
def show(dashboard_id: UUID) -> str:
    with here().transaction() as tx:
        found = load(tx, dashboard_id)
    tiles, silent = shown_tiles(found.tiles) if my_hotels() else ([], [])
    return render_template(
        "dashboard.html",
        dashboard=found,
        tiles=tiles,
        silent=[silence_of(service) for service in silent],
        where=where(),
        is_mine=found.owner_id == me().person_id,
        is_one_of_several=is_one_of_several(),
    )


@DASHBOARDS.post("/<uuid:dashboard_id>/drop")
@needs(May.SEE_FIGURES)
def drop(dashboard_id: UUID) -> Response:
    with here().transaction() as tx:
        take_away(tx, load_mine(tx, dashboard_id), me(), here().now())
    flash(gettext("The dashboard is gone; the figures stay."))
    return redirect("/figures/dashboards", 303)


def where() -> str:
    hotel = hotel_shown() if my_hotels() else None
    return hotel.name if hotel else gettext("All hotels")


def load(tx: Tx, dashboard_id: UUID) -> Dashboard:
    """One's own, or one that is shared with one's role."""
    return store.one_seen_by(tx, dashboard_id, me().person_id, me().role) or abort(404)


def load_mine(tx: Tx, dashboard_id: UUID) -> Dashboard:
    found = load(tx, dashboard_id)
    return found if found.owner_id == me().person_id else abort(403)
