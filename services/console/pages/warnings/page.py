"""Warnings: what lies outside what chance explains, who has seen it, and who is told."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.warnings.settle import choose_told, see
from services.console.rules.warnings.signals import LOOKED_BACK, WATCHED
from services.console.store.warnings import Warned, calls_duty, past, standing, told_roles
from shared.access.people import May
from shared.errors import NotFound
from shared.vocabulary.role import PEOPLE
from shared.vocabulary.signal import Signal
from shared.web.access_control import me, my_hotels, needs, scope
from shared.web.i18n.formatting import number, percent
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
        hotel_of=lambda one: names.get(one.property, one.property),
        zone=lambda one: next((hotel.zone for hotel in my_hotels() if hotel.code == one.property), "UTC"),
        title=lambda one: label(Signal(one.signal)),
        says=says,
        behind=behind,
        watched=[(label(signal), gettext(kind.explained)) for signal, kind in WATCHED.items()],
        unheard=(label(Signal.UNHEARD), LOOKED_BACK),
        roles=[(str(role), label(role), str(role) in told) for role in PEOPLE],
        is_duty_told=is_duty_told,
        may_choose=me().may(May.CONFIGURE) and not me().properties,
        may_see_guests=me().may(May.SEE_GUESTS),
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


def says(one: Warned) -> str:
    """What is, what is usual, and where chance ends."""
    values = {"part": number(one.part), "whole": number(one.whole)}
    match Signal(one.signal):
        case Signal.UNHEARD:
            return gettext(
                "%(days)s days without a booking; usually there is one every %(usual)s days, and more than %(border)s "
                "without one are no chance.",
                days=number(one.part),
                usual=number(round(one.centre + 1, 1)),
                border=number(int(one.border)),
            )
        case Signal.NPS:
            return gettext(
                "%(value)s of %(whole)s answers; usual is %(usual)s, and below %(border)s it is no chance.",
                **values,
                value=_points(one.value),
                usual=_points(one.centre),
                border=_points(one.border),
            )
        case Signal.NIGHTS:
            return gettext(
                "%(part)s nights on the books, a year before %(whole)s: %(value)s of them. Usual is %(usual)s, and "
                "below %(border)s it is no chance.",
                **values,
                value=percent(one.value, 1),
                usual=percent(one.centre, 1),
                border=percent(one.border, 1),
            )
        case Signal.ARRIVALS:
            return gettext(
                "%(part)s arrivals on the books, a year before %(whole)s: %(value)s of them. Usual is %(usual)s, and "
                "below %(border)s it is no chance.",
                **values,
                value=percent(one.value, 1),
                usual=percent(one.centre, 1),
                border=percent(one.border, 1),
            )
    return gettext(
        "%(part)s of %(whole)s: %(value)s. Usual is %(usual)s, and above %(border)s it is no chance.",
        **values,
        value=percent(one.value, 1),
        usual=percent(one.centre, 1),
        border=percent(one.border, 1),
    )


def behind(one: Warned) -> str:
    """Where the guests, answers or messages behind it are."""
    first = one.last_on - timedelta(days=6)
    match Signal(one.signal):
        case Signal.COMPLAINTS:
            return "/feedback/cases?" + urlencode({"hotel": one.property, "kind": "complaint"})
        case Signal.NPS:
            return "/feedback/answers?" + urlencode({"hotel": one.property})
        case Signal.REACH:
            return "/segments/guests?" + urlencode({"hotel": one.property, "which": "unreachable"})
        case Signal.ARRIVALS | Signal.NIGHTS:
            days = {"from": (one.last_on - timedelta(days=27)).isoformat(), "to": one.last_on.isoformat()}
            return "/segments/figures/guests?" + urlencode({"hotel": one.property, "which": "booked", **days})
        case Signal.UNHEARD:
            return "/segments/imports?" + urlencode({"hotel": one.property})
    return "/messaging/messages?" + urlencode({"hotel": one.property, "from": first.isoformat()})


def _points(share: float) -> str:
    return f"{round(share * 100):+d}".replace("-", "−")
