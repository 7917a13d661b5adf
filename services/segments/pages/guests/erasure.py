"""A guest is erased: what it would mean, in numbers, and what remains to be seen afterwards."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.segments.commands.guests.erase import consequence_of, erase_for_good
from services.segments.config import Config
from services.segments.pages.guests.guest import card_of
from services.segments.queries.guests.page import Card
from services.segments.store.guests.erasures import erasures_of, same_guest
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.events.console import EVERY_SERVICE
from shared.personal_data.erasures import ErasureList
from shared.web.access_control import me, my_hotels, needs
from shared.web.site import ask_neighbours, here

pages = Blueprint("segments_erasure", __name__, url_prefix="/segments/guests/<uuid:guest_id>/erasure")
SERVICE_NAMES = {
    "segments": _l("Guests and stays"),
    "campaigns": _l("Journeys"),
    "messaging": _l("Messages and consents"),
    "feedback": _l("Answers, replies and cases"),
    "console": _l("Who did what, and counts"),
}


@pages.get("")
@needs(May.ADMINISTER)
def consider(guest_id: UUID) -> str | Response:
    with here().transaction() as tx:
        if _erased_at(tx, guest_id):
            return _to_certificate(guest_id)
        return _form(tx, card_of(tx, guest_id))


@pages.post("")
@needs(May.ADMINISTER)
def erase(guest_id: UUID) -> Response | tuple[str, int]:
    """The same form twice erases once."""
    with here().transaction() as tx:
        if is_there := not _erased_at(tx, guest_id):
            card = card_of(tx, guest_id)
            if request.form.get("name", "").strip() != confirmation_of(card):
                return _form(tx, card, gettext("This is not what the line above says.")), 422
    if is_there:
        erase_for_good(here().database, guest_id, me(), here().now(), _list_of_erasures())
    flash(gettext("Erased. The other parts of Guestloop follow within moments."))
    return _to_certificate(guest_id)


@pages.get("/certificate")
@needs(May.ADMINISTER)
def done(guest_id: UUID) -> str:
    """What is left to see of a guest who is erased."""
    with here().transaction() as tx:
        guests, at = same_guest(tx, guest_id), _erased_at(tx, guest_id)
    if at is None:
        raise NotFound(gettext("There is nothing of that name here."))
    paths = [f"/erasures/{guest}" for guest in guests]
    answers = ask_neighbours(paths)  # no transaction is open while another service is asked
    hotel = next(iter(my_hotels()), None)
    zone = hotel.zone if hotel else "UTC"
    shown = {"at": at, "done": _done([answers[path] for path in paths]), "zone": zone}
    return render_template("guest_erased.html", names=SERVICE_NAMES, services=EVERY_SERVICE, **shown)


def _list_of_erasures() -> ErasureList:
    config = here().part(Config)
    return ErasureList(config.erasures, config.files)


def confirmation_of(card: Card) -> str:
    """What is typed to confirm: the name, so that nobody erases another guest by habit."""
    return card.name or str(card.id)


def _done(answers: list[Any]) -> dict[str, tuple[datetime, int]] | None:
    """By service when it was done with the guest and all merged with them, and how many rows went; None where nobody
    can be asked."""
    if not all(isinstance(answer, dict) for answer in answers):
        return None
    found: dict[str, tuple[datetime, int]] = {}
    for service in EVERY_SERVICE:
        parts = [answer[service] for answer in answers if service in answer]
        if len(parts) == len(answers):
            at = max(datetime.fromisoformat(part["at"]) for part in parts)
            found[service] = (at, sum(part["rows"] for part in parts))
    return found


def _form(tx: Tx, card: Card, problem: str = "") -> str:
    if card.merged_into:
        raise NotFound(gettext("There is nothing of that name here."))
    meant = consequence_of(tx, card.id)
    return render_template(
        "guest_erase.html", guest=card, meant=meant, confirmation=confirmation_of(card), problem=problem
    )


def _erased_at(tx: Tx, guest_id: UUID) -> datetime | None:
    found = erasures_of(tx, [guest_id])
    return found[0].erased_at if found else None


def _to_certificate(guest_id: UUID) -> Response:
    return redirect(url_for(".done", guest_id=guest_id), 303)
