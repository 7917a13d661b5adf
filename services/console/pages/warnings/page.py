"""Warnings: what lies outside what chance explains, who has seen it, and who is told."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.warnings.settle import choose_told, see
from services.console.pages.warnings.words import behind, of_the_same, says, where
from services.console.rules.warnings.signals import LOOKED_BACK, WATCHED
from services.console.store.warnings import calls_duty, past, standing, told_roles
from shared.access.people import May
from shared.errors import NotFound
from shared.vocabulary.role import PEOPLE
from shared.vocabulary.signal import Signal
from shared.web.access_control import me, my_hotels, needs, scope
from shared.web.i18n.labels import label
from shared.web.site import here

WARNINGS = Blueprint("console_warnings", __name__, url_prefix="/figures/warnings")


@WARNINGS.get("")
@needs(May.SEE_FIGURES)
def show() -> str:
    with here().transaction() as tx:
        now, before, told = standing(tx, scope()), past(tx, scope()), told_roles(tx)
        is_duty_told = calls_duty(tx)
    names = {hotel.code: hotel.name for hotel in my_hotels()}
    return render_template(
        "warnings.html",
        standing=now,
        past=before,
        hotel_of=lambda one: where(one, names),
        of_the_same=of_the_same,
        links=lambda one: [(text, url) for text, url, may in behind(one) if me().may(may)],
        zone=lambda one: next((hotel.zone for hotel in my_hotels() if hotel.code == one.property), "UTC"),
        title=lambda one: label(Signal(one.signal)),
        says=says,
        watched=[(label(signal), gettext(kind.explained)) for signal, kind in WATCHED.items()],
        unheard=(label(Signal.UNHEARD), LOOKED_BACK),
        feed=label(Signal.FEED),
        roles=[(str(role), label(role), str(role) in told) for role in PEOPLE],
        is_duty_told=is_duty_told,
        may_choose=me().may(May.CONFIGURE) and not me().properties,
    )


@WARNINGS.post("/<int:warning_id>/seen")
@needs(May.SEE_FIGURES)
def seen(warning_id: int) -> Response:
    with here().transaction() as tx:
        try:
            see(tx, warning_id, scope(), me(), here().now())
        except NotFound:
            abort(404)
    flash(gettext("Seen: nobody is told of it again until it has been as usual."))
    return redirect("/figures/warnings", 303)


@WARNINGS.post("/told")
@needs(May.CONFIGURE)
def tell() -> Response:
    if me().properties:  # it is for every hotel
        abort(403)
    roles = [role for role in request.form.getlist("role") if role in set(map(str, PEOPLE))]
    with here().transaction() as tx:
        choose_told(tx, roles, me(), here().now(), calls_duty=request.form.get("calls_duty") == "yes")
    flash(gettext("Saved."))
    return redirect("/figures/warnings", 303)
