"""Guests for programs: read by pages or one by one, and changed as a person would change them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, redirect, request
from werkzeug.wrappers import Response

from services.segments.api import documents, finding
from services.segments.commands.guests.change import Change, change_guest
from services.segments.commands.guests.dates import set_days
from services.segments.queries.api_lists import guests_after
from services.segments.queries.guests.page import guest_card
from services.segments.queries.published import guest_states
from services.segments.store.guests.dates import days_seen
from services.segments.store.house_dates import house_dates
from services.segments.store.told.loyalty import Loyalty, loyalty_of
from shared.access.audit import record
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.events.segments.guests import GuestChanged
from shared.vocabulary.grant import Grant
from shared.web.access_control import grants, me
from shared.web.api.description import Operation, described
from shared.web.api.reading import body_by, query_by
from shared.web.i18n.formatting import masked
from shared.web.site import here

guests = Blueprint("segments_api_guests", __name__, url_prefix="/api/guests")


@guests.get("")
@grants(Grant.GUESTS_READ)
@described(
    Operation(
        "Guests, by pages; those whom a question finds",
        finding.GuestPage,
        query=finding.GuestQuery,
        refuses={503: "Nobody is found, and the index is not being written: that tells nothing"},
    )
)
def listed() -> Response:
    asked = query_by(finding.GuestSearchQuery() if "q" in request.args else finding.GuestQuery())
    with here().transaction() as tx:
        page = _page(tx, asked)
        states = {one.guest_id: one for one in guest_states(tx, page.guests, here().now())}
        found = [states[id] for id in page.guests if id in states]
        # never what was searched for
        told = {"count": len(found), "filter": [name for name in ("q", "tag", "changed_since") if asked[name]]}
        record(tx, me(), "guests.listed", "guests", told, here().now())
        if found and Grant.CONTACTS_READ in me().grants:
            record(tx, me(), "contacts.shown", "guests", {"count": told["count"]}, here().now())
        loyal, days = loyalty_of(tx, states), days_seen(tx, list(states), me().scope)
        shown = [_shown(tx, one, loyal.get(one.guest_id), days.get(one.guest_id)) for one in found]
    return jsonify(items=shown, next=page.next, search=page.search)


def _page(tx: Tx, asked: dict[str, Any]) -> finding.Listed:
    if asked["q"]:
        return finding.find(tx, asked, me(), here().now())
    ids = guests_after(tx, asked["cursor"], asked["limit"] + 1, asked["tag"], asked["changed_since"], me().scope)
    return finding.listed(ids, asked["limit"])


@guests.get("/<uuid:guest_id>")
@grants(Grant.GUESTS_READ)
@described(Operation("One guest", documents.Guest, also={303: "Who was merged leads on to whom they became"}))
def one(guest_id: UUID) -> Response:
    with here().transaction() as tx:
        card = guest_card(tx, guest_id, me().scope)
        if card.merged_into:
            return redirect(f"/api/guests/{card.merged_into}", 303)
        record(tx, me(), "guest.viewed", f"guest {guest_id}", {}, here().now())
        return jsonify(shown_guest(tx, guest_id))


@guests.get("/dates")
@grants(Grant.GUESTS_READ)
@described(Operation("Which dates of the house's own a guest may have", documents.HouseDates))
def dates() -> Response:
    with here().transaction() as tx:
        found = house_dates(tx, me().scope)
    return jsonify(documents.HouseDates().dump({"items": found}))


@guests.patch("/<uuid:guest_id>")
@grants(Grant.GUESTS_WRITE)
@described(Operation("Change a guest: it stands before what a source states", documents.Guest, documents.GuestChange))
def change(guest_id: UUID) -> Response:
    said = body_by(documents.GuestChange())
    with here().transaction() as tx:
        living(tx, guest_id)
        version, days = said.pop("version"), said.pop("dates", {})
        changed = set_days(tx, guest_id, version, days, me(), here().now())
        change_guest(tx, guest_id, version + changed, Change(**said), me(), here().now())
        return jsonify(shown_guest(tx, guest_id))


def living(tx: Tx, guest_id: UUID) -> None:
    """Raises `NotFound` for a guest whom this key does not see, and for one who was merged away."""
    if guest_card(tx, guest_id, me().scope).merged_into:
        raise NotFound("There is no such guest.")


def request_bytes() -> bytes:
    """What makes a request the same: its method, its path and its body."""
    return f"{request.method} {request.path}\n".encode() + request.get_data(cache=True)


def shown_guest(tx: Tx, guest_id: UUID) -> dict[str, Any]:
    state, loyalty = guest_states(tx, [guest_id], here().now())[0], loyalty_of(tx, [guest_id])
    days = days_seen(tx, [guest_id], me().scope)
    return _shown(tx, state, loyalty.get(guest_id), days.get(guest_id))


def _shown(tx: Tx, guest: GuestChanged, loyalty: Loyalty | None, days: Mapping[str, date] | None) -> dict[str, Any]:
    in_full = Grant.CONTACTS_READ in me().grants
    contacts = []
    for point in guest.points:
        address = tx.keyring.open(point.address, Sealing.CONTACT)
        shown = address if in_full else masked(address)
        contacts.append({"channel": point.channel, "address": shown, "kind": point.kind})
    names = [name for name in documents.Guest().fields if name not in ("id", "contacts", "membership", "dates")]
    values = {name: getattr(guest, name) for name in names}
    own = {"id": guest.guest_id, "contacts": contacts, "membership": loyalty, "dates": days or {}}
    found: dict[str, Any] = documents.Guest().dump({**own, **values})
    return found
