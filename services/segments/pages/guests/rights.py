"""Which rights has this guest claimed? Objections and the restriction of use: claimed, shown, lifted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.segments.commands.guests import rights as commands
from services.segments.pages.guests.guest import living_card_of
from services.segments.pages.guests.labels import MEANS
from services.segments.store.guests.rights import Claimed, rights_of
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.localtime import local_date
from shared.vocabulary.right import Right
from shared.web.access_control import me, needs
from shared.web.i18n.labels import label
from shared.web.site import here

pages = Blueprint("segments_rights", __name__, url_prefix="/segments/guests/<uuid:guest_id>/rights")
LONGEST_WORDS = 2000
Page = tuple[str, int]
WAYS: Mapping[str, Any] = {"desk": _l("at the desk"), "phone": _l("on the phone"), "writing": _l("in writing")}


@pages.get("")
@needs(May.CARE)
def show(guest_id: UUID) -> str:
    with here().transaction() as tx:
        return _page(tx, guest_id, {}, {})


@pages.post("")
@needs(May.CARE)
def claim(guest_id: UUID) -> Response | Page:
    with here().transaction() as tx:
        card = living_card_of(tx, guest_id)
        right, how = request.form.get("right", ""), request.form.get("how", "")
        words = request.form.get("words", "").replace("\x00", "").strip()
        said_on = _day(request.form.get("said_on", ""))
        problems = {}
        if right not in tuple(Right):
            problems["right"] = gettext("Choose what the guest wants.")
        if how not in WAYS:
            problems["how"] = gettext("Choose where the guest said so.")
        if said_on is None or said_on > local_date(here().now(), card.zone):
            problems["said_on"] = gettext("The day on which the guest said so is needed; it is not to come.")
        if len(words) > LONGEST_WORDS:
            problems["words"] = gettext("2,000 characters at most are kept.")
        if problems or said_on is None:
            return _page(tx, guest_id, request.form, problems), 422
        commands.claim(tx, guest_id, Right(right), said_on=said_on, how=how, words=words, by=me(), at=here().now())
    flash(gettext("Written down. It holds from now on."))
    return redirect(f"/segments/guests/{guest_id}/rights", 303)


@pages.post("/<right>/lift")
@needs(May.CARE)
def lift(guest_id: UUID, right: str) -> Response:
    if right not in tuple(Right):
        abort(404)
    with here().transaction() as tx:
        living_card_of(tx, guest_id)
        commands.lift(tx, guest_id, Right(right), me(), here().now())
    flash(gettext("Lifted. Consents are unchanged."))
    return redirect(f"/segments/guests/{guest_id}/rights", 303)


def _page(tx: Tx, guest_id: UUID, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    card = living_card_of(tx, guest_id)
    return render_template(
        "guest_rights.html",
        guest=card,
        typed={"said_on": local_date(here().now(), card.zone).isoformat(), **typed},
        problems=problems,
        rights=[(one, _words(tx, one)) for one in rights_of(tx, guest_id)],
        Right=Right,
        label=label,
        means=MEANS,
        ways=WAYS,
    )


def _words(tx: Tx, one: Claimed) -> str:
    return tx.keyring.open(one.words, Sealing.NOTE) if one.words else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
