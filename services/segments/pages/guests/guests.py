"""Who is this person to us? The list of guests, and their names for other services' pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, jsonify, render_template, request
from werkzeug.wrappers import Response

from services.segments.pages.guests.forms import wish_of
from services.segments.pages.guests.found import because, tried_for
from services.segments.pages.guests.labels import SORTS, WHICH, country_name, language_name
from services.segments.queries.choices import values_by_fact
from services.segments.queries.guests.finding import GuestFound, Wish, find_guests
from services.segments.queries.guests.page import names_of
from services.segments.store.segments import choices_of
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.naming import full_name
from shared.vocabulary.contact_point import DoNotContact
from shared.web.access_control import me, needs, scope
from shared.web.app import is_fragment
from shared.web.contacts import Contacts, listed
from shared.web.i18n.labels import labels
from shared.web.i18n.shipped_names import shown_name
from shared.web.site import here

pages = Blueprint("segments_guests", __name__, url_prefix="/segments/guests")
MOST_NAMES = 500


@pages.get("")
@pages.post("")
@needs(May.SEE_GUESTS)
def guests() -> str:
    """A page of the list; posted, with the contacts in full that its form asks for."""
    wish, sees_contacts = wish_of(request.args), me().may(May.SEE_CONTACTS)
    with here().transaction() as tx:
        page = find_guests(tx, wish, scope(), contacts=sees_contacts)
        found = page.guests
        holders = [one.id for one in found if one.address is not None]
        contacts = listed(tx, "guests.listed", "guests", _told(wish), lines=len(found), holders=holders)
        addresses = {one.id: _address(tx, one, contacts) for one in found}
        choices = {} if is_fragment() else _choices(tx)
    return render_template(
        "_guests.html" if is_fragment() else "guests.html",
        wish=wish,
        guests=found,
        addresses=addresses,
        contacts=contacts,
        because=because(page),
        tried=tried_for(page, sees_contacts) if not found else [],
        sees_contacts=sees_contacts,
        too_many=page.too_many,
        next_url=_url(replace(wish, after=page.next_key)) if page.next_key else "",
        first_url=_url(replace(wish, after="")) if wish.after else "",
        full_name=full_name,
        reasons=labels(DoNotContact),
        country_name=country_name,
        **choices,
    )


@pages.get("/names")
@needs(May.SEE_GUESTS)
def names() -> Response:
    """`?ids=<uuid>,<uuid>…`: the names of those whom the reader may see, by id."""
    ids = [found for text in request.args.get("ids", "").split(",") if (found := _uuid(text))]
    with here().transaction() as tx:
        return jsonify(names_of(tx, ids[:MOST_NAMES], me().scope))


def _told(wish: Wish) -> dict[str, Any]:
    """What the trail keeps of a search: not whom it was for."""
    kept = ("segment", "country", "language", "which")
    return {"searched": bool(wish.text), "later_page": bool(wish.after), **{name: getattr(wish, name) for name in kept}}


def _address(tx: Tx, guest: GuestFound, contacts: Contacts) -> str:
    if guest.address is None:
        return ""
    return contacts.point(guest.id, tx.keyring.open(guest.address, Sealing.CONTACT))


def _choices(tx: Tx) -> dict[str, Any]:
    known = values_by_fact(tx, ("country", "language"))
    return {
        "which": WHICH,
        "sorts": SORTS,
        "segments": [(key, shown_name(name)) for key, name in choices_of(tx)],
        "countries": sorted(((code, country_name(code)) for code in known["country"]), key=lambda pair: pair[1]),
        "spoken": sorted(((tag, language_name(tag)) for tag in known["language"]), key=lambda pair: pair[1]),
    }


def _url(wish: Wish) -> str:
    values = {"q": wish.text, "segment": wish.segment, "country": wish.country, "language": wish.language}
    values |= {"which": wish.which, "sort": "" if wish.sort == "name" else wish.sort, "after": wish.after}
    query = urlencode({name: value for name, value in values.items() if value})
    return f"/segments/guests?{query}" if query else "/segments/guests"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
