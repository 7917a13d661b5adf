"""Where a colleague makes a device a kiosk, sees which ones run, ends them and hands a guest over.

The device that starts one leaves the console: its session's cookie goes, a kiosk's comes. The session itself goes on,
and the kiosk ends with it.
"""

from __future__ import annotations

from secrets import token_urlsafe
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.api.kiosk import COOKIE
from services.segments.commands.kiosk.running import begin_turn, end_kiosk, start_kiosk
from services.segments.pages.guests.guest import living_card_of
from services.segments.pages.guests.labels import hotel_name
from services.segments.rules.kiosk import Kiosk
from services.segments.store import kiosks as store
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError
from shared.web.access_control import chosen_hotel, me, my_hotels, my_session, needs
from shared.web.site import here

pages = Blueprint("segments_kiosks", __name__, url_prefix="/segments/kiosks")


@pages.get("")
@needs(May.CARE)
def show() -> str:
    hotel = chosen_hotel()
    return _page({"property": hotel.code if hotel else ""}, {})


@pages.post("")
@needs(May.CARE)
def start() -> Response | tuple[str, int]:
    typed, secret = request.form, token_urlsafe(32)
    hotel = typed.get("property", "")
    if hotel not in {one.code for one in my_hotels()}:
        if hotel:
            abort(404)
        return _page(typed, {"property": gettext("Choose the hotel of the desk.")}), 422
    numbers = my_session()
    try:
        with here().transaction() as tx:
            pin, ends = typed.get("pin", ""), numbers.ends_at
            kiosk = start_kiosk(tx, hotel, pin, secret, numbers.session_id, ends, me(), here().now())
    except InputError:
        return _page(typed, {"pin": gettext("Four to eight digits.")}), 422
    session.clear()
    response = redirect("/kiosk", 303)
    secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
    value = f"{kiosk.id}.{secret}"
    response.set_cookie(
        COOKIE, value, expires=kiosk.ends_at, path="/kiosk", httponly=True, secure=secure, samesite="Strict"
    )
    return response


@pages.post("/<uuid:kiosk>/end")
@needs(May.CARE)
def end(kiosk: UUID) -> Response:
    with here().transaction() as tx:
        end_kiosk(tx, _load(tx, kiosk), me(), "colleague", here().now())
    flash(gettext("The kiosk is closed."))
    return redirect("/segments/kiosks", 303)


@pages.post("/<uuid:kiosk>/guests/<uuid:guest_id>")
@needs(May.CARE)
def hand_over(kiosk: UUID, guest_id: UUID) -> Response:
    """The guest stands at the desk: the kiosk opens with their data."""
    with here().transaction() as tx:
        living_card_of(tx, guest_id)
        begin_turn(tx, _load(tx, kiosk), guest_id, me(), here().now())
    flash(gettext("The kiosk shows this guest's data within half a minute."))
    return redirect(f"/segments/guests/{guest_id}", 303)


def _load(tx: Tx, kiosk: UUID) -> Kiosk:
    found = store.lock(tx, kiosk)
    if found is None or not me().sees(found.property) or not found.runs(here().now()):
        abort(404)
    return found


def _page(typed: dict[str, str], problems: dict[str, str]) -> str:
    with here().transaction() as tx:
        found = store.running(tx, me().scope, here().now())
    hotels_offered = [(hotel.code, hotel.name) for hotel in my_hotels()]
    return render_template(
        "kiosks.html",
        kiosks=found,
        typed=typed,
        problems=problems,
        hotels_offered=hotels_offered,
        hotel_name=hotel_name,
    )
