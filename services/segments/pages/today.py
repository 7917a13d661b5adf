"""Who arrives, stays and leaves today, and what should we know of them? The front desk's page, by hotel."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from flask import Blueprint, jsonify, render_template
from werkzeug.wrappers import Response

from services.segments.pages.companies.companies import today as day_here
from services.segments.pages.guests.labels import language_name, titled
from services.segments.pages.needs import follow_ups, needs_of_today
from services.segments.queries.guests import today as queries
from services.segments.queries.guests.today import DeskLine
from services.segments.queries.home import consents_are_told, guests_in, last_data_of
from shared.access.people import Hotel, May
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.localtime import local_date
from shared.vocabulary.contact_point import DoNotContact
from shared.web.access_control import chosen_hotel, my_hotels, needs, scope
from shared.web.contacts import listed
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
        day = day_here()
        due, number_due = follow_ups(tx, day)
    return render_template(
        "today.html",
        houses=houses,
        language_name=language_name,
        titled=titled,
        reasons=labels(DoNotContact),
        due=due,
        number_due=number_due,
        day=day,
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
        wanted = needs_of_today(tx, day_here())
        guests, aside, consents = guests_in(tx, scope()), waiting_for_a_person(tx), consents_are_told(tx)
    return jsonify(
        heard=[{"code": code, "at": at.isoformat() if at else None} for code, at in heard],
        guests=guests,
        consents=consents,
        needs=[*wanted, *aside],
    )
