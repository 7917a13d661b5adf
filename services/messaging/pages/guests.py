"""A guest's part of messaging: what they allow, and their story."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import time
from typing import Any, assert_never
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.messaging.commands.consents.by_staff import agree_for, object_for, withdraw
from services.messaging.commands.consents.confirmations import ask_once_more, ask_to_confirm
from services.messaging.commands.refused_points import lift_refusal
from services.messaging.config import Config
from services.messaging.pages.stories import entries
from services.messaging.queries.guests import shown as queries
from services.messaging.queries.names import whole_name
from services.messaging.queries.templates.links import clicks_of
from services.messaging.schemas import Objection, RecordedConsent, Withdrawal, read
from services.messaging.store.consents.confirmations import of_guest
from services.messaging.store.limits.offer_limits import offer_limits
from shared.access.audit import record
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import InputError
from shared.localtime import local_date, local_instant
from shared.vocabulary.channel import Channel, ContactKind
from shared.vocabulary.consent import must_be_confirmed
from shared.vocabulary.purpose import ConsentPurpose
from shared.web.access_control import me, needs
from shared.web.contacts import on_the_page_of
from shared.web.site import asked_for_a_page, here

guests = Blueprint("messaging_guests", __name__, url_prefix="/messaging/guests/<uuid:guest_id>")


def load(tx: Tx, guest_id: UUID) -> queries.GuestProfile:
    """The guest, where this person may see them."""
    found = queries.guest(tx, guest_id, me().scope)
    if found is None:
        abort(404)
    return found


def show(tx: Tx, guest: queries.GuestProfile, **more: Any) -> dict[str, Any]:
    """What the lines of consent show."""
    points = queries.points(tx, guest.guest_id)
    addresses = [(point, tx.keyring.open(Sealed(point.address_sealed), Sealing.CONTACT)) for point in points]
    lines = [(line, _proof(tx, line)) for line in queries.consents(tx, guest.guest_id)]
    name = whole_name(guest.given_name, guest.family_name, guest.language)
    asked = [(one, here().now() >= one.expires_at) for one in of_guest(tx, guest.guest_id)]
    limit = offer_limits(tx, [guest.guest_id]).get(guest.guest_id)
    paused_until = limit.paused_until if limit and limit.paused_until and limit.paused_until > here().now() else None
    known = {"guest": guest, "name": name, "points": addresses, "lines": lines, "asked": asked}
    known |= {"paused_until": paused_until, "once_a_month": limit is not None and limit.once_a_month}
    return {**known, "typed": {}, "problems": {}, **more}


def _proof(tx: Tx, line: queries.ConsentEntry) -> dict[str, str]:
    found: dict[str, str] = (
        json.loads(tx.keyring.open(Sealed(line.proof_sealed), Sealing.PROOF)) if line.proof_sealed else {}
    )
    return found


@guests.get("/consents")
@needs(May.SEE_GUESTS)
def consents(guest_id: UUID) -> str:
    with here().transaction() as tx:
        shown = show(tx, load(tx, guest_id), contacts=on_the_page_of(tx, guest_id))
        record(tx, me(), "consents.viewed", f"guest {guest_id}", {}, here().now())
        shown["history"] = [(line, _proof(tx, line)) for line in queries.statements(tx, guest_id)]
    return render_template("consents.html", today=local_date(here().now(), shown["guest"].home_zone), **shown)


@guests.post("/consents")
@needs(May.CARE)
def agree(guest_id: UUID) -> Response | tuple[str, int]:
    with here().transaction() as tx:
        guest = load(tx, guest_id)
        try:
            asked = read(RecordedConsent, request.form)
            today = local_date(here().now(), guest.home_zone)
            if asked["said_on"] > today:
                raise InputError(None, {"said_on": gettext("This day is in the future.")})
        except InputError as error:
            return _again(tx, guest, error), 422
        now = here().now()
        said_at = now if asked["said_on"] == today else local_instant(asked["said_on"], time(12), guest.home_zone)
        given = {name: asked[name] for name in ("channel", "purpose", "place", "words")}
        if _is_confirmed(tx, guest, asked):
            zone, hotel = guest.home_zone, guest.home_property
            ask_to_confirm(tx, guest_id, **given, zone=zone, hotel=hotel, said_at=said_at, by=me(), at=now)
            flash(_link_words(asked["channel"]))
            return redirect(f"/messaging/guests/{guest_id}/consents", 303)
        done = agree_for(tx, guest_id, **given, said_at=said_at, by=me(), at=now)
    flash(
        gettext("Recorded with the guest's words.")
        if done
        else gettext("The guest has said otherwise since; nothing was changed.")
    )
    return redirect(f"/messaging/guests/{guest_id}/consents", 303)


def _link_words(channel: str) -> str:
    match Channel(channel).contact:
        case ContactKind.ADDRESS:
            return gettext("Written down. It counts once the guest has confirmed it: the link is on its way by e-mail.")
        case ContactKind.NUMBER:
            return gettext(
                "Written down. It counts once the guest has confirmed it: the link is on its way by text message."
            )
        case never:
            assert_never(never)


def _is_confirmed(tx: Tx, guest: queries.GuestProfile, asked: Mapping[str, Any]) -> bool:
    """Whether the guest confirms it by a link: where the house says so, or whoever writes it down."""
    hotel = queries.country_of_hotel(tx, guest.home_property)
    countries = here().part(Config).confirmed
    if must_be_confirmed(asked["channel"], asked["purpose"], countries, guest.country, hotel):
        return True
    by_mail = (asked["channel"], asked["purpose"]) == (Channel.EMAIL, ConsentPurpose.MARKETING)
    return bool(asked["confirm"]) and by_mail


@guests.post("/consents/confirmations/<uuid:confirmation_id>/again")
@needs(May.CARE)
def again(guest_id: UUID, confirmation_id: UUID) -> Response:
    with here().transaction() as tx:
        guest = load(tx, guest_id)
        ask_once_more(tx, guest_id, confirmation_id, zone=guest.home_zone, by=me(), at=here().now())
    flash(gettext("Asked once more. The link holds for seven days."))
    return redirect(f"/messaging/guests/{guest_id}/consents", 303)


def _again(tx: Tx, guest: queries.GuestProfile, error: InputError) -> str:
    typed, contacts = request.form.to_dict(), on_the_page_of(tx, guest.guest_id)
    shown = show(tx, guest, typed=typed, problems=error.problems, history=[], contacts=contacts)
    return render_template("consents.html", today=local_date(here().now(), guest.home_zone), **shown)


@guests.post("/consents/withdrawal")
@needs(May.CARE)
def end_one(guest_id: UUID) -> Response:
    asked = read(Withdrawal, request.form)
    with here().transaction() as tx:
        load(tx, guest_id)
        points = [(point.channel, point.point) for point in queries.points(tx, guest_id)]
        withdraw(tx, guest_id, asked["channel"], asked["purpose"], points, by=me(), at=here().now())
    flash(gettext("Withdrawn. It counts from this moment."))
    return redirect(f"/messaging/guests/{guest_id}/consents", 303)


@guests.post("/consents/stop")
@needs(May.CARE)
def stop(guest_id: UUID) -> Response:
    asked = read(Objection, request.form)
    with here().transaction() as tx:
        load(tx, guest_id)
        points = [(point.channel, point.point) for point in queries.points(tx, guest_id)]
        object_for(tx, guest_id, asked["scope"], points, how=asked["how"], by=me(), at=here().now())
    flash(gettext("Recorded. It counts from this moment, for everybody on this address or number."))
    return redirect(f"/messaging/guests/{guest_id}/consents", 303)


@guests.post("/points/use")
@needs(May.CARE)
def use_again(guest_id: UUID) -> Response:
    """A refused address or number is right after all."""
    with here().transaction() as tx:
        load(tx, guest_id)
        lift_refusal(tx, guest_id, request.form.get("point", ""), by=me(), at=here().now())
    flash(gettext("It is written to again."))
    return redirect(f"/messaging/guests/{guest_id}/consents", 303)


@guests.get("/story")
@needs(May.SEE_GUESTS)
def story(guest_id: UUID) -> Response:
    with here().transaction() as tx:
        shown = show(tx, load(tx, guest_id))
        if not asked_for_a_page():
            record(tx, me(), "guest.story_viewed", f"guest {guest_id}", {}, here().now())
        scope_, happened = me().scope, queries.happened(tx, guest_id, me().scope)
        came_back = queries.receipts(tx, guest_id, scope_)
        opened = clicks_of(tx, guest_id, scope_)
        found = entries(happened, came_back, opened, queries.statements(tx, guest_id), shown["guest"])
    return jsonify(entries=found, actions=render_template("_consents.html", **shown))
