"""Guests without a stay, as programs tell of them: one, or many in lines. Whoever is known is not made again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson
from flask import Blueprint, jsonify, request
from werkzeug.wrappers import Response

from services.segments.api import documents
from services.segments.api.guests import request_bytes, shown_guest
from services.segments.api.line_sets import ELSEWHERE, counted, entered
from services.segments.commands.guests.contacts import point_typed
from services.segments.commands.guests.dates import dates_of, unusable
from services.segments.commands.guests.make import NewGuest
from services.segments.commands.guests.take_in import TakenIn, take_in
from services.segments.commands.reservations.one_by_one import CHANGED, MADE, REFUSED, UNCHANGED
from services.segments.config import Config
from services.segments.rules.people.contact_points import Point
from services.segments.rules.people.corrections import Field
from services.segments.rules.people.guests import is_placeholder
from services.segments.store.properties import property_places
from shared.access.audit import record
from shared.access.done_once import once
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict, InputError
from shared.ids import make_id
from shared.localtime import local_date
from shared.naming import plain_name
from shared.vocabulary.channel import Channel
from shared.vocabulary.contact_point import PointFault
from shared.vocabulary.grant import Grant
from shared.web.access_control import grants, me
from shared.web.api.description import Operation, described
from shared.web.api.lines import MEDIA_TYPE, Line, answered
from shared.web.api.reading import body_by, idempotency_key, read
from shared.web.bodies import takes_files
from shared.web.site import Site, here

new_guests = Blueprint("segments_api_new_guests", __name__, url_prefix="/api/guests")
KEY = {"Idempotency-Key": "the same request again, within seven days, is answered as the first"}
MERGED_ELSEWHERE = "This guest was made one with a guest of other hotels, whom this key does not see."
POINT_WORDS = {
    "missing": "An address or a number is needed.",
    "several": "One address or number at a time.",
    "masked": "This is a booking site's alias, which ends with the stay.",
}
Places = Mapping[str, tuple[str, str | None]]
"""Zone and country of the hotels that the key is for, by code."""


class GuestTold(documents.StayGuest):
    """A guest without a stay. No consent comes with it: see `/api/consents`. `reference`: the program's own number."""

    class Meta:
        exclude = ("tier",)

    property = documents.needed(20)
    reference = documents.optional(200)
    dates = documents.days("days of the house's own dates, where none is known yet", load_default=dict)


@new_guests.post("")
@grants(Grant.GUESTS_WRITE)
@described(
    Operation(
        "Make a guest without a stay (201), or find them where they are known (200)",
        documents.Guest,
        GuestTold,
        status=201,
        also={200: "The guest is known; an address, number or date that they lacked is added, nothing else changes"},
        headers=KEY,
    )
)
def make() -> tuple[Response, int]:
    said = body_by(GuestTold())
    key = idempotency_key()
    with here().transaction() as tx:
        told = _told(said, _places(tx, me()), here(), dates_of(tx, me()))

        def do() -> str:
            found = take_in(tx, [told], me(), here().now(), here().part(Config).agency_domains)[0]
            if found.is_elsewhere:
                raise Conflict(MERGED_ELSEWHERE)
            return f"{found.guest_id} {int(found.is_new)}"

        guest_id, is_new = once(tx, me().person_id, key, request_bytes(), here().now(), do).split()
        record(tx, me(), "guests.sent", f"guest {guest_id}", {"made": int(is_new)}, here().now())
        return jsonify(shown_guest(tx, UUID(guest_id))), 201 if int(is_new) else 200


@new_guests.post("/lines")
@grants(Grant.GUESTS_WRITE)
@takes_files()
@described(
    Operation(
        "Make or find many guests without a stay: a line each, and of each its outcome",
        documents.Outcome,
        GuestTold,
        media=(MEDIA_TYPE,),
        answer_media=MEDIA_TYPE,
    )
)
def lines() -> Response:
    """The site and the key are kept: the lines are worked on while the answer leaves."""
    site, who = here(), me()
    return answered(request.stream, lambda some: _entered(site, who, some))


def _entered(site: Site, who: Person, some: Sequence[Line]) -> list[dict[str, Any]]:
    with site.transaction() as tx:
        places, domains = _places(tx, who), site.part(Config).agency_domains
        dates = dates_of(tx, who)

        def enter(told: list[NewGuest]) -> list[dict[str, Any]]:
            return [_outcome(one) for one in take_in(tx, told, who, site.now(), domains)]

        found = entered(tx, some, lambda said: _told(read(GuestTold(), said), places, site, dates), enter)
        record(tx, who, "guests.sent", "guests", counted(found), site.now())
    return found


def _outcome(one: TakenIn) -> dict[str, Any]:
    if one.is_elsewhere:
        return {"outcome": REFUSED, "errors": {"": MERGED_ELSEWHERE}}
    outcome = MADE if one.is_new else CHANGED if one.added else UNCHANGED
    return {"outcome": outcome, "id": str(one.guest_id), "errors": {}}


def _places(tx: Tx, who: Person) -> Places:
    return {code: place for code, place in property_places(tx).items() if who.sees(code)}


def _told(said: dict[str, Any], places: Places, site: Site, dates: Collection[str]) -> NewGuest:
    """`dates`: the house's own that there are. Raises `InputError` by field. The same words are the same guest; with a
    `reference`, the same reference is."""
    if said["property"] not in places:
        raise InputError("This cannot be used.", {"/property": ELSEWHERE})
    zone, country = places[said["property"]]
    problems: dict[str, str] = {}
    names = [" ".join(plain_name(said[name]).split()) for name in ("given_name", "family_name")]
    if not any(names):
        problems["/family_name"] = "A name is needed."
    born = said["birth_date"]
    if born and (born > local_date(site.now(), zone) or is_placeholder(born)):
        problems["/birth_date"] = "Nobody's day of birth: leave it out."
    days = said.pop("dates")
    problems |= unusable(days, dates)
    points = _points(said, (said["country"], country), site.part(Config).agency_domains, problems)
    if problems:
        raise InputError("This cannot be used.", problems)
    profile = {
        Field.TITLE: (said["title"] or None,),
        Field.NAME: tuple(names),
        Field.BIRTH_DATE: (born,),
        Field.LANGUAGE: (said["language"],),
        Field.COUNTRY: (said["country"],),
    }
    words = said["reference"] or orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()
    return NewGuest(make_id("guest told of", words), said["property"], zone, profile, points, days=days)


def _points(
    said: Mapping[str, Any], countries: Sequence[str | None], domains: frozenset[str], problems: dict[str, str]
) -> tuple[Point, ...]:
    found = []
    for channel, name in ((Channel.EMAIL, "email"), (Channel.SMS, "phone")):
        if not (said[name] or "").strip():
            continue
        try:
            found.append(point_typed(channel, said[name], countries, domains))
        except InputError as error:
            problems[f"/{name}"] = _words(error.problems["address"])
    return tuple(found)


def _words(code: str) -> str:
    if code in tuple(PointFault):
        return f"Nobody can be reached there: it {PointFault(code).label}."
    return POINT_WORDS[code]
