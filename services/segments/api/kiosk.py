"""The kiosk's own pages, for the device at the desk: its cookie is a kiosk's and opens nothing else of the console.

Nothing of a guest stays on the device: no page may be kept (`no-store`), and a turn ends when the guest is done, after
a minute without a touch, or some minutes later by itself.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from uuid import UUID

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from services.segments.api.kiosk_form import filled_by, known_of
from services.segments.commands.guests.rights import Restricted
from services.segments.commands.kiosk.refresh import refresh
from services.segments.commands.kiosk.running import end_by_pin, open_for
from services.segments.commands.sign_ups.take import TakingOver
from services.segments.config import Config
from services.segments.queries.sign_ups import house_of_hotel
from services.segments.rules.kiosk import IDLE, Kiosk
from services.segments.rules.sign_ups import OLD_ENOUGH
from services.segments.shipped.sign_up import kiosk_texts, sign_up_texts
from services.segments.store import kiosks as store
from services.segments.store.sign_ups import form_of
from shared.access.people import May, person, secret_hash
from shared.access.sessions import is_ended
from shared.database.pool import Tx
from shared.naming import plain_name
from shared.web.access_control import open_to_all
from shared.web.i18n.guest_languages import GUEST_LANGUAGES, guest_language
from shared.web.site import here

kiosk = Blueprint("segments_kiosk", __name__, url_prefix="/kiosk")
COOKIE = "guestloop-kiosk"
View = Callable[[Tx, Kiosk, str], Response]


def at_a_kiosk(view: View) -> Callable[[], Response]:
    """The running kiosk of this device; it ends with the session that started it, and with its colleague's access."""

    @wraps(view)
    def opened() -> Response:
        id, _, secret = request.cookies.get(COOKIE, "").partition(".")
        with here().transaction() as tx:
            found = _running(tx, id, secret)
            if found is None:
                return _page(tx, None, "closed", status=404)
            token = token_of(secret)
            if request.method == "POST" and not hmac.compare_digest(request.form.get("token", ""), token):
                return _page(tx, found, "start", status=400, token=token)
            return view(tx, found, token)

    return open_to_all(opened)


def token_of(secret: str) -> str:
    """What a form of this kiosk carries: another site does not know it."""
    return hmac.digest(secret.encode(), b"form of the kiosk", "sha256").hex()


def _running(tx: Tx, id: str, secret: str) -> Kiosk | None:
    try:
        found = store.lock(tx, UUID(id))
    except ValueError:
        return None
    if found is None or not hmac.compare_digest(found.secret_hash, secret_hash(secret)):
        return None
    who = person(tx, found.person_id)
    if not found.runs(here().now()) or is_ended(tx, found.session_id) or who is None:
        return None
    return found if who.may(May.CARE) and who.sees(found.property) else None


@kiosk.after_request
def keep_nothing(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


@kiosk.get("")
@at_a_kiosk
def show(tx: Tx, found: Kiosk, token: str) -> Response:
    guest_id = found.guest_at(here().now())
    if guest_id is None:
        store.end_turn(tx, found.id)
        return _page(tx, found, "start", token=token)
    store.note_seen(tx, found.id, here().now())
    return _own(tx, found, guest_id, token, {})


@kiosk.post("")
@at_a_kiosk
def find(tx: Tx, found: Kiosk, token: str) -> Response:
    number, name = (plain_name(request.form.get(part, "")) for part in ("reservation", "family_name"))
    if open_for(tx, found, number, name, here().now()):
        return redirect(f"/kiosk?in={guest_language()}", 303)
    return _page(tx, found, "start", status=422, token=token, problem="not_found")


@kiosk.post("/own")
@at_a_kiosk
def save(tx: Tx, found: Kiosk, token: str) -> Response:
    now, guest_id = here().now(), found.guest_at(here().now())
    if guest_id is None or request.form.get("turn") != str(found.turn):
        return redirect(f"/kiosk?in={guest_language()}", 303)
    values = {name: plain_name(text) for name, text in request.form.items()}
    config, known = here().part(Config), known_of(tx, guest_id)
    said, problems = filled_by(tx, found, known, values, guest_language(), now, config.agency_domains)
    if problems or said is None:
        store.note_seen(tx, found.id, now)
        return _own(tx, found, guest_id, token, values, problems, 422)
    try:
        with tx.savepoint():
            refresh(tx, found, guest_id, said, TakingOver(config.agency_domains, config.confirmed), now)
    except Restricted:
        store.end_turn(tx, found.id)
        return _page(tx, found, "desk", token=token)
    return redirect(f"/kiosk/thanks?in={guest_language()}", 303)


@kiosk.get("/thanks")
@at_a_kiosk
def thanks(tx: Tx, found: Kiosk, token: str) -> Response:
    return _page(tx, found, "done", token=token)


@kiosk.get("/away")
@at_a_kiosk
def away(tx: Tx, found: Kiosk, _token: str) -> Response:
    """Nobody stands there any more."""
    store.end_turn(tx, found.id)
    return redirect("/kiosk", 303)


@kiosk.post("/end")
@at_a_kiosk
def end(tx: Tx, found: Kiosk, token: str) -> Response:
    if not end_by_pin(tx, found, request.form.get("pin", ""), here().now()):
        return _page(tx, found, "start", status=422, token=token, problem="pin")
    response = redirect("/sign-in", 303)
    response.delete_cookie(COOKIE, path="/kiosk")
    return response


def _own(
    tx: Tx,
    found: Kiosk,
    guest_id: UUID,
    token: str,
    values: Mapping[str, str],
    problems: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    known = known_of(tx, guest_id)
    spoken = guest_language(known.guest.language)
    form = form_of(tx, code) if (code := store.form_of_hotel(tx, found.property)) else None
    own = form.wording.texts.get(spoken) if form else None
    shown = {"given_name": known.guest.given_name, "family_name": known.guest.family_name, "language": spoken}
    more = {"known": known, "form": form, "own": own, "values": {**shown, **values}, "problems": problems or {}}
    return _page(tx, found, "own", spoken, status=status, token=token, **more)


def _page(
    tx: Tx, found: Kiosk | None, kind: str, spoken: str | None = None, *, status: int = 200, **more: Any
) -> Response:
    spoken = spoken or guest_language()
    texts = {**sign_up_texts()[spoken], **kiosk_texts()[spoken]}
    house = house_of_hotel(tx, found.property) if found else None
    text = render_template(
        "guest_kiosk.html",
        kind=kind,
        kiosk=found,
        guest_language=spoken,
        guest_languages=GUEST_LANGUAGES,
        switch=texts["switch"],
        house=house.called(spoken) if house else None,
        texts=texts,
        idle=int(IDLE.total_seconds()),
        old_enough=OLD_ENOUGH,
        **more,
    )
    return make_response(text, status)
