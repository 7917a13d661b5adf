"""Who arrives, stays and leaves today, and what should we know of them? The front desk's page, by hotel."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, jsonify, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.pages.guests.labels import language_name, titled
from services.segments.queries import today as queries
from services.segments.queries.home import guests_in, last_data_of, open_doubles
from services.segments.queries.sign_ups import differing_in
from services.segments.queries.today import DeskLine
from shared.access.people import Hotel, May
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.localtime import local_date
from shared.vocabulary.contact_point import DoNotContact
from shared.web.access_control import chosen_hotel, me, my_hotels, needs, scope
from shared.web.contacts import listed
from shared.web.i18n.formatting import number
from shared.web.i18n.labels import labels
from shared.web.pages.delivery import waiting_for_a_person
from shared.web.site import here

pages = Blueprint("segments_today", __name__, url_prefix="/segments")


class House(NamedTuple):
    """One hotel's day. `lists`: what it is called, and its stays each with what the front desk noted of the guest."""

    hotel: Hotel
    today: date
    lists: list[tuple[str, list[tuple[DeskLine, str]]]]


@pages.get("/today")
@needs(May.SEE_GUESTS)
def today() -> str:
    chosen = chosen_hotel()
    with here().transaction() as tx:
        houses = [_house(tx, hotel) for hotel in ([chosen] if chosen else my_hotels())]
        listed(tx, "today.listed", "today", {}, lines=sum(len(lines) for one in houses for _, lines in one.lists))
    return render_template(
        "today.html", houses=houses, language_name=language_name, titled=titled, reasons=labels(DoNotContact)
    )


def _house(tx: Tx, hotel: Hotel) -> House:
    day = local_date(here().now(), hotel.zone)
    lists = [
        (name, [(line, _noted(tx, line)) for line in find(tx, hotel.code, day)])
        for name, find in (
            ("arrivals", queries.arrivals),
            ("departures", queries.departures),
            ("in_house", queries.in_house),
        )
    ]
    return House(hotel, day, lists)


def _noted(tx: Tx, line: DeskLine) -> str:
    return tx.keyring.open(line.preference, Sealing.NOTE) if line.preference else ""


@pages.get("/home")
@needs(May.SEE_FIGURES)
def home() -> Response:
    """What the console's home page shows of guests: see docs/services.md."""
    with here().transaction() as tx:
        heard = last_data_of(tx, scope())
        doubles, signed = open_doubles(tx, scope()), differing_in(tx, scope()) if me().may(May.CARE) else 0
        guests, aside = guests_in(tx, scope()), waiting_for_a_person(tx)
    return jsonify(
        heard=[{"code": code, "at": at.isoformat() if at else None} for code, at in heard],
        guests=guests,
        needs=[*_needs(doubles), *_sign_ups(signed), *aside],
    )


def _sign_ups(differing: int) -> list[dict[str, Any]]:
    if not differing:
        return []
    text = gettext("Sign-ups that differ from what is known of the guest: %(count)s", count=number(differing))
    return [{"text": text, "url": "/segments/sign-ups/differences", "tone": "look", "count": differing}]


def _needs(doubles: int) -> list[dict[str, Any]]:
    if not doubles:
        return []
    text = gettext("Pairs of guests who might be the same person: %(count)s", count=number(doubles))
    return [{"text": text, "url": "/segments/duplicates", "tone": "look", "count": doubles}]
