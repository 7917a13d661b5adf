"""Which companies send us guests, and whom do we call next? The list of accounts, and one account."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from services.segments.pages.guests.labels import hotel_name
from services.segments.queries import companies as queries
from services.segments.queries.companies import CompanyCard, ContactLine
from services.segments.queries.guests.finding import GuestFound, Wish, find_guests
from services.segments.store.money.currencies import load_currencies
from shared.access.people import May
from shared.access.scope import Scope
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.localtime import local_date
from shared.naming import full_name
from shared.vocabulary.stay import StayStatus
from shared.web.access_control import chosen_hotel, me, my_hotels, needs, scope
from shared.web.contacts import Contacts, listed
from shared.web.i18n.labels import labels
from shared.web.site import here

pages = Blueprint("segments_companies", __name__, url_prefix="/segments/companies")
LONGEST_TEXT = 200


@pages.get("")
@needs(May.SEE_GUESTS)
def companies() -> str:
    text, after = (request.args.get(name, "").replace("\x00", "")[:LONGEST_TEXT] for name in ("q", "after"))
    with here().transaction() as tx:
        found, next_key = queries.companies(tx, scope(), today(), text, after)
        currency = _currency(tx, scope())
        doubles = queries.count_alike(tx, scope())
    return render_template(
        "companies.html",
        companies=found,
        text=text,
        currency=currency,
        doubles=doubles,
        next_url=_url(text, next_key) if next_key else "",
        first_url=_url(text, "") if after else "",
        cares=me().may(May.CARE),
    )


@pages.get("/<uuid:company_id>")
@pages.post("/<uuid:company_id>")
@needs(May.SEE_GUESTS)
def company(company_id: UUID) -> str | Response:
    """One account; posted, with the contacts in full that its form asks for. `?q=` finds a guest to add to them."""
    wish = Wish(text=request.args.get("q", "").replace("\x00", "").strip()[:LONGEST_TEXT])
    with here().transaction() as tx:
        card = queries.company_card(tx, company_id, me().scope)
        if card.merged_into:
            return redirect(url_for(".company", company_id=card.merged_into), 303)
        people = queries.contacts_of(tx, company_id, me().scope)
        guests = find_guests(tx, wish, me().scope).guests if wish.text and me().may(May.CARE) else []
        holders = sorted({one.guest_id for one in people if one.address} | {one.id for one in guests if one.address})
        lines = len(people) + len(guests)
        contacts = listed(tx, "company.viewed", f"company {company_id}", {}, lines=lines, holders=holders)
        return render_template(
            "company.html",
            company=card,
            line=queries.company_line(tx, company_id, me().scope, today()),
            currency=_currency(tx, me().scope),
            note=tx.keyring.open(card.note, Sealing.NOTE) if card.note else "",
            people=[(one, _address(tx, one, contacts)) for one in people],
            guests=[(one, _found_address(tx, one, contacts)) for one in guests],
            text=wish.text,
            contacts=contacts,
            stays=queries.stays_of(tx, company_id, me().scope),
            codes_seen=queries.rate_codes_seen(tx, company_id, me().scope),
            spellings=queries.spellings_of(tx, company_id, me().scope),
            alike=queries.alike(tx, company_id, me().scope),
            statuses=labels(StayStatus),
            hotel_name=hotel_name,
            full_name=full_name,
            cares=me().may(May.CARE),
        )


def today() -> date:
    """The day at the hotel looked at, else at the first one: follow-ups are due by day."""
    hotel = chosen_hotel() or next(iter(my_hotels()), None)
    return local_date(here().now(), hotel.zone if hotel else "UTC")


def living_company(tx: Tx, company_id: UUID) -> CompanyCard:
    """An account that may be changed: seen, and not merged into another. Raises `NotFound`."""
    card = queries.company_card(tx, company_id, me().scope)
    return queries.company_card(tx, card.merged_into, me().scope) if card.merged_into else card


def _currency(tx: Tx, seen: Scope) -> str:
    """Figures of one hotel are in its currency, of several in the reporting currency."""
    currencies = load_currencies(tx)
    return currencies.of(next(iter(seen.codes))) if queries.is_one_hotel(seen) else currencies.reporting


def _address(tx: Tx, one: ContactLine, contacts: Contacts) -> str:
    return contacts.point(one.guest_id, tx.keyring.open(one.address, Sealing.CONTACT)) if one.address else ""


def _found_address(tx: Tx, one: GuestFound, contacts: Contacts) -> str:
    return contacts.point(one.id, tx.keyring.open(one.address, Sealing.CONTACT)) if one.address else ""


def _url(text: str, after: str) -> str:
    query = urlencode({name: value for name, value in (("q", text), ("after", after)) if value})
    return f"/segments/companies?{query}" if query else "/segments/companies"
