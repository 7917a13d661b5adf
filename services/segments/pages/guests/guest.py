"""What has happened with this guest, and why? One guest's page."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.pages.guests import labels
from services.segments.pages.guests.expected import expected_shown
from services.segments.pages.guests.handing_out import file_shown
from services.segments.pages.guests.overrides import overridden
from services.segments.pages.guests.stages import stage_shown
from services.segments.pages.guests.story import ask_story_services, own_entries, story
from services.segments.queries.guests import page as guest_page
from services.segments.queries.guests import story as guest_story
from services.segments.queries.guests.page import Card, StayLine
from services.segments.queries.guests.spend import spend_by_outlet
from services.segments.rules.money.currencies import Currencies
from services.segments.store import kiosks
from services.segments.store.guests.dates import days_of
from services.segments.store.guests.erasures import is_erased
from services.segments.store.guests.guests import read_guest
from services.segments.store.guests.journey_tags import given_by_journeys
from services.segments.store.guests.notes import notes_of
from services.segments.store.house_dates import house_dates
from services.segments.store.money.currencies import load_currencies
from services.segments.store.told.loyalty import loyalty_of
from shared.access.audit import record
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.localtime import local_date
from shared.vocabulary.right import Right
from shared.vocabulary.stay import StayStatus
from shared.web.access_control import me, needs
from shared.web.app import is_fragment
from shared.web.contacts import Contacts, on_the_page_of
from shared.web.site import asked_for_a_page, here

pages = Blueprint("segments_guest", __name__, url_prefix="/segments/guests")


class Shown(NamedTuple):
    """What the page knows before the other services are asked."""

    card: Card
    former: list[UUID]
    values: dict[str, Any]


@pages.get("/<uuid:guest_id>")
@needs(May.SEE_GUESTS)
def guest(guest_id: UUID) -> str | Response:
    with here().transaction() as tx:
        if is_erased(tx, guest_id) and me().may(May.ADMINISTER):
            return redirect(url_for("segments_erasure.done", guest_id=guest_id), 303)
        shown = _shown(tx, guest_id)
        if shown.card.merged_into:
            return redirect(url_for(".guest", guest_id=shown.card.merged_into), 303)
        seen = "guest.story_viewed" if is_fragment() else "guest.viewed"
        record(tx, me(), seen, f"guest {guest_id}", {}, here().now())
    others = ask_story_services([guest_id, *shown.former])  # no transaction is open while others are asked
    values = shown.values
    entries = [
        *others.entries,
        *own_entries(values["stays"], values["audiences"], values["edits"], values["happenings"], shown.card.zone),
    ]
    kind = request.args.get("kind", "")
    page = story(entries, others.silent, shown.card.zone, kind, _before(request.args.get("before", "")))
    template = "_story.html" if is_fragment() else "guest.html"
    shown_as = {"kinds": labels.KINDS, "kind": kind, **labels.guest_labels()}
    return render_template(template, guest=shown.card, story=page, actions=others.actions, **shown_as, **values)


@pages.get("/<uuid:guest_id>/reach")
@needs(May.SEE_CONTACTS)
def reach(guest_id: UUID) -> Response:
    """Addresses and numbers, for a page of another service about this guest."""
    with here().transaction() as tx:
        living_card_of(tx, guest_id)
        contacts = on_the_page_of(tx, guest_id)
        points = _points(tx, guest_id, contacts)
        if not asked_for_a_page():
            record(tx, me(), "guest.reach_viewed", f"guest {guest_id}", {}, here().now())
    return jsonify(html=render_template("_reach.html", points=points))


def card_of(tx: Tx, guest_id: UUID) -> Card:
    """A guest's page is about all the hotels that its reader may see, whichever is chosen in the corner."""
    return guest_page.guest_card(tx, guest_id, me().scope)


def living_card_of(tx: Tx, guest_id: UUID) -> Card:
    """A guest who was merged away is redirected, never changed or shown: they may be another hotel's by now."""
    card = card_of(tx, guest_id)
    if card.merged_into:
        raise NotFound(gettext("There is nothing of that name here."))
    return card


def preference_words(tx: Tx, card: Card) -> str:
    return tx.keyring.open(card.preference, Sealing.NOTE) if card.preference else ""


def _shown(tx: Tx, guest_id: UUID) -> Shown:
    card = card_of(tx, guest_id)
    contacts = Contacts() if card.merged_into else on_the_page_of(tx, guest_id)
    former = guest_story.former_ids(tx, guest_id)
    stays = guest_page.stays_of(tx, guest_id, me().scope)
    currencies = load_currencies(tx)
    values = {
        "stays": stays,
        "figures": figures(stays, currencies, local_date(here().now(), card.zone)),
        "currencies": currencies,
        "spend": spend_by_outlet(tx, guest_id, currencies, me().scope),
        "outlets": labels.OUTLETS,
        "loyalty": loyalty_of(tx, [guest_id]).get(guest_id),
        "points": _points(tx, guest_id, contacts),
        "contacts": contacts,
        "segments": guest_page.segments_of(tx, guest_id),
        "consents": guest_page.consents_of(tx, guest_id),
        "merged": bool(former),
        "doubles": guest_page.doubles_of(tx, guest_id, me().scope),
        "kiosks": kiosks.running(tx, me().scope, here().now()),
        "by_journeys": given_by_journeys(tx, guest_id),
        "preference": preference_words(tx, card),
        "dates": house_dates(tx, me().scope),
        "days": days_of(tx, [guest_id]).get(guest_id, {}),
        "notes": [(one, tx.keyring.open(one.text_sealed, Sealing.NOTE)) for one in notes_of(tx, guest_id)],
        "rights": [right for right in Right if right in card.rights],
        "overridden": overridden(read_guest(tx, guest_id)) if card.merged_into is None else [],
        "audiences": guest_story.audience_changes(tx, [guest_id, *former]),
        "edits": guest_story.edits(tx, [guest_id, *former]),
        "happenings": guest_story.happenings(tx, guest_id, me().scope),
        "today": local_date(here().now(), card.zone),
        **expected_shown(tx, card),
        **stage_shown(tx, card.id),
        **file_shown(tx, guest_id),
    }
    return Shown(card, former, values)


def _points(tx: Tx, guest_id: UUID, contacts: Contacts) -> list[tuple[guest_page.PointLine, str]]:
    """The guest's addresses and numbers, as far as the reader may see them now."""
    points = guest_page.points_of(tx, guest_id)
    opened = [(point, tx.keyring.open(point.address, Sealing.CONTACT)) for point in points]
    return [(point, contacts.point(guest_id, plain)) for point, plain in opened]


def figures(stays: Sequence[StayLine], currencies: Currencies, today: date) -> dict[str, Any]:
    """The headline facts, of stays that happened and count. What was spent is added by the hotels' currencies; a stay
    for which no rate is known is left out, and counted by its own currency."""
    stayed = [stay for stay in stays if stay.status == StayStatus.CHECKED_OUT and not stay.muted]
    spend: dict[str, Decimal] = defaultdict(Decimal)
    left_out: Counter[str] = Counter()
    for stay in stayed:
        if stay.amount is not None:
            spend[currencies.of(stay.property)] += stay.amount
        elif stay.revenue is not None:
            left_out[(stay.currency or currencies.of(stay.property)).upper()] += 1
    ahead = [stay for stay in stays if stay.status == StayStatus.BOOKED and stay.departure >= today]
    return {
        "stays": len(stayed),
        "nights": sum(stay.nights for stay in stayed),
        "spend": sorted(spend.items(), key=lambda pair: -pair[1]),
        "left_out": sorted(left_out.items()),
        "last": max(stayed, key=lambda stay: stay.departure, default=None),
        "next": min(ahead, key=lambda stay: stay.arrival, default=None),
        "in_house": next((stay for stay in stays if stay.status == StayStatus.CHECKED_IN), None),
    }


def _before(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
