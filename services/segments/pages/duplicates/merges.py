"""Merge a guest with any other, and take a merge apart."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.commands.duplicates.unmerge import unmerge_guest
from services.segments.pages.guests.forms import wish_of
from services.segments.pages.guests.guest import living_card_of
from services.segments.queries.guests.duplicates import merges_of
from services.segments.queries.guests.finding import Wish, find_guests
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.naming import full_name
from shared.web.access_control import me, needs
from shared.web.contacts import listed
from shared.web.site import here

pages = Blueprint("segments_merges", __name__, url_prefix="/segments/guests/<uuid:guest_id>")


@pages.get("/merge")
@pages.post("/merge")
@needs(May.CARE)
def choose(guest_id: UUID) -> str:
    """Find the other one; posted, with the contacts in full that its form asks for."""
    wish = replace(Wish(), text=wish_of(request.args).text)
    with here().transaction() as tx:
        card = living_card_of(tx, guest_id)
        sees = me().may(May.SEE_CONTACTS)
        found = find_guests(tx, wish, me().scope, contacts=sees).guests if wish.text else []
        others = [one for one in found if one.id != guest_id]
        holders = [one.id for one in others if one.address is not None]
        told = {"searched": bool(wish.text)}
        contacts = listed(tx, "guests.listed", "guests", told, lines=len(others), holders=holders)
        addresses = {
            one.id: contacts.point(one.id, tx.keyring.open(one.address, Sealing.CONTACT)) if one.address else ""
            for one in others
        }
    return render_template(
        "guest_merge.html",
        guest=card,
        text=wish.text,
        others=others,
        addresses=addresses,
        contacts=contacts,
        full_name=full_name,
    )


@pages.get("/merges")
@needs(May.CARE)
def merges(guest_id: UUID) -> str:
    with here().transaction() as tx:
        card = living_card_of(tx, guest_id)
        lines = merges_of(tx, guest_id, me().scope)
    return render_template("guest_merges.html", guest=card, merges=lines)


@pages.post("/merges/<uuid:other_id>/apart")
@needs(May.CARE)
def unmerge(guest_id: UUID, other_id: UUID) -> Response:
    """The other is a guest of their own again. The same form twice does nothing more."""
    with here().transaction() as tx:
        living_card_of(tx, guest_id)
        known = {line.guest_id: line for line in merges_of(tx, guest_id, me().scope)}
        if other_id in known:
            if known[other_id].at is None:
                abort(409)
            unmerge_guest(tx, other_id, me(), here().now())
        else:
            living_card_of(tx, other_id)
    flash(gettext("They are two guests again."))
    return redirect(url_for("segments_guest.guest", guest_id=other_id), 303)
