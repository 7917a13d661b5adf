"""Who might be one person? The list of pairs, two guests side by side, and what somebody decides."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.commands.duplicates.merge import merge_guests
from services.segments.commands.duplicates.search_duplicates import score_of
from services.segments.commands.guests import care
from services.segments.pages.duplicates.likelihood import likelihood, reasons_of
from services.segments.pages.guests.guest import card_of, living_card_of
from services.segments.pages.guests.labels import guest_labels
from services.segments.queries.guests import page as guest_page
from services.segments.queries.guests.duplicates import Side, pairs
from services.segments.queries.guests.page import Card
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.web.access_control import me, needs, scope
from shared.web.contacts import Contacts, listed
from shared.web.site import here

pages = Blueprint("segments_duplicates", __name__, url_prefix="/segments")


class Compared(NamedTuple):
    """One of two guests on the page that compares them."""

    card: Card
    stays: list[guest_page.StayLine]
    consents: list[guest_page.ConsentLine]
    points: list[tuple[guest_page.PointLine, str]]


@pages.get("/duplicates")
@pages.post("/duplicates")
@needs(May.CARE)
def duplicates() -> str:
    """A page of the list, the likeliest first; posted, with the contacts in full that its form asks for."""
    after = request.args.get("after", "")[:120]
    with here().transaction() as tx:
        found, next_key = pairs(tx, scope(), after)
        sides = [side for pair in found for side in pair.sides]
        holders = sorted({side.id for side in sides if side.address is not None})
        told = {"later_page": bool(after)}
        contacts = listed(tx, "duplicates.listed", "duplicates", told, lines=len(found), holders=holders)
        addresses = {side.id: _address(tx, side, contacts) for side in sides}
    return render_template(
        "duplicates.html",
        pairs=found,
        addresses=addresses,
        contacts=contacts,
        likelihood=likelihood,
        reasons_of=reasons_of,
        next_url=f"/segments/duplicates?{urlencode({'after': next_key})}" if next_key else "",
        first_url="/segments/duplicates" if after else "",
    )


@pages.get("/duplicates/<uuid:guest_id>/<uuid:other_id>")
@pages.post("/duplicates/<uuid:guest_id>/<uuid:other_id>")
@needs(May.CARE)
def compare(guest_id: UUID, other_id: UUID) -> str:
    """Both side by side; posted, with the contacts in full that its form asks for."""
    with here().transaction() as tx:
        cards = [living_card_of(tx, id) for id in (guest_id, other_id)]
        if guest_id == other_id:
            raise NotFound(gettext("There is nothing of that name here."))
        subject = f"guest {guest_id}"
        contacts = listed(tx, "duplicates.compared", subject, {}, lines=2, holders=[guest_id, other_id])
        both = [_compared(tx, card, contacts) for card in cards]
        alike = score_of(tx, guest_id, other_id)
    reasons = [reason.value for reason in alike.reasons] if alike else []
    return render_template(
        "duplicate.html",
        both=both,
        contacts=contacts,
        score=alike.score if alike else None,
        likelihood=likelihood,
        **{**guest_labels(), "reasons_not": guest_labels()["reasons"], "reasons": reasons_of(reasons)},
    )


@pages.get("/guests/<uuid:guest_id>/merge/<uuid:other_id>")
@needs(May.CARE)
def consider(guest_id: UUID, other_id: UUID) -> Response:
    """Where links of former times lead."""
    with here().transaction() as tx:
        living_card_of(tx, guest_id), living_card_of(tx, other_id)
    return redirect(url_for(".compare", guest_id=guest_id, other_id=other_id), 303)


@pages.post("/guests/<uuid:guest_id>/merge/<uuid:other_id>")
@needs(May.CARE)
def merge(guest_id: UUID, other_id: UUID) -> Response:
    """The other becomes this guest."""
    with here().transaction() as tx:
        into, other = living_card_of(tx, guest_id), card_of(tx, other_id)
        if other.merged_into != into.id:  # the same form twice
            living_card_of(tx, other_id)
            merge_guests(tx, other_id, guest_id, me(), here().now())
    flash(gettext("They are one guest now."))
    return redirect(url_for("segments_guest.guest", guest_id=guest_id), 303)


@pages.post("/guests/<uuid:guest_id>/apart/<uuid:other_id>")
@needs(May.CARE)
def apart(guest_id: UUID, other_id: UUID) -> Response:
    with here().transaction() as tx:
        living_card_of(tx, guest_id), living_card_of(tx, other_id)
        care.tell_apart(tx, guest_id, other_id, me(), here().now())
    flash(gettext("They remain two guests."))
    return redirect(url_for("segments_guest.guest", guest_id=guest_id), 303)


def _address(tx: Tx, side: Side, contacts: Contacts) -> str:
    return contacts.point(side.id, tx.keyring.open(side.address, Sealing.CONTACT)) if side.address else ""


def _compared(tx: Tx, card: Card, contacts: Contacts) -> Compared:
    stays = guest_page.stays_of(tx, card.id, me().scope)
    points = guest_page.points_of(tx, card.id)
    return Compared(
        card,
        stays,
        guest_page.consents_of(tx, card.id),
        [(one, contacts.point(card.id, tx.keyring.open(one.address, Sealing.CONTACT))) for one in points],
    )
