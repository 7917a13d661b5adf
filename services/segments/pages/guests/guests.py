"""Who is this person to us? The list of guests, and their names for other services' pages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, jsonify, render_template, request
from werkzeug.wrappers import Response

from services.segments.pages.guests.forms import wish_of
from services.segments.pages.guests.labels import SORTS, WHICH, country_name, language_name
from services.segments.queries.choices import values_by_fact
from services.segments.queries.guest_page import names_of
from services.segments.queries.guest_search import GuestFound, Wish, find_guests
from services.segments.store.segments import choices_of
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.naming import full_name
from shared.vocabulary.contact_point import DoNotContact
from shared.web.access_control import me, needs, scope
from shared.web.app import is_fragment
from shared.web.i18n.formatting import masked
from shared.web.i18n.labels import labels
from shared.web.i18n.shipped_names import shown_name
from shared.web.site import here

pages = Blueprint("segments_guests", __name__, url_prefix="/segments/guests")
MOST_NAMES = 500


@pages.get("")
@needs(May.SEE_GUESTS)
def guests() -> str:
    wish = wish_of(request.args)
    with here().transaction() as tx:
        found, next_key = find_guests(tx, wish, scope())
        addresses = {one.id: _address(tx, one) for one in found}
        choices = {} if is_fragment() else _choices(tx)
    return render_template(
        "_guests.html" if is_fragment() else "guests.html",
        wish=wish,
        guests=found,
        addresses=addresses,
        next_url=_url(replace(wish, after=next_key)) if next_key else "",
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


def _address(tx: Tx, guest: GuestFound) -> str:
    if guest.address is None:
        return ""
    plain = tx.keyring.open(guest.address, Sealing.CONTACT)
    return plain if me().may(May.SEE_CONTACTS) else masked(plain)


def _choices(tx: Tx) -> dict[str, Any]:
    known = values_by_fact(tx)
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
