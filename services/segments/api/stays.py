"""Stays for programs: read by pages, written by their own numbers one by one, or many in lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, request
from werkzeug.wrappers import Response

from services.segments.api import documents
from services.segments.api.line_sets import ELSEWHERE, counted, entered
from services.segments.commands.reservations.enter import EntryOptions
from services.segments.commands.reservations.one_by_one import MADE, REFUSED, Became, enter_each
from services.segments.config import Config
from services.segments.queries.api_lists import StayRow, stay_row, stays_after
from services.segments.rules.reservations import Reservation
from services.segments.store.properties import property_zones
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import InputError
from shared.vocabulary.grant import Grant
from shared.web.access_control import grants, me
from shared.web.api.description import Operation, described
from shared.web.api.lines import MEDIA_TYPE, Line, answered
from shared.web.api.pages import page_of
from shared.web.api.reading import body_by, query_by, read
from shared.web.bodies import takes_files
from shared.web.site import Site, here

stays = Blueprint("segments_api_stays", __name__, url_prefix="/api/stays")


@stays.get("")
@grants(Grant.STAYS_READ)
@described(Operation("Stays, by pages", documents.Stay, query=documents.StayQuery, page=True))
def listed() -> Response:
    asked = query_by(documents.StayQuery())
    with here().transaction() as tx:
        found = stays_after(tx, asked["cursor"], asked["limit"] + 1, asked["guest"], asked["changed_since"], me().scope)
        record(tx, me(), "stays.listed", "stays", {"count": len(found[: asked["limit"]])}, here().now())
    return jsonify(page_of(found, asked["limit"], lambda one: one.id, _shown))


@stays.get("/<uuid:stay_id>")
@grants(Grant.STAYS_READ)
@described(Operation("One stay", documents.Stay))
def one(stay_id: UUID) -> Response:
    with here().transaction() as tx:
        found = stay_row(tx, stay_id, me().scope)
        record(tx, me(), "guest.viewed", f"guest {found.guest_id}", {"stay": str(stay_id)}, here().now())
    return jsonify(_shown(found))


@stays.put("/<source>/<place>/<number>")
@grants(Grant.STAYS_WRITE)
@described(
    Operation(
        "Make or change the stay that a source knows by this hotel and number",
        documents.Stay,
        documents.StayChange,
        also={201: "The stay is new"},
    )
)
def put(source: str, place: str, number: str) -> tuple[Response, int]:
    said = body_by(documents.StayChange())
    names = read(documents.BulkQuery(only=["source"]), {"source": source})
    row = documents.reservation_of(names["source"], place, number, said)
    with here().transaction() as tx:
        if place not in _mine(tx, me()):
            raise InputError("This cannot be used.", {"property": ELSEWHERE})
        became = enter_each(tx, [row], here().now(), _options(here(), me(), initial=False))[0]
        if became.outcome == REFUSED:
            raise InputError("This stay cannot be entered.", {"": became.reason})
        record(tx, me(), "stays.sent", f"stay {became.stay_id}", {became.outcome: 1}, here().now())
        found = stay_row(tx, became.stay_id, me().scope)
    return jsonify(_shown(found)), 201 if became.outcome == MADE else 200


@stays.post("/lines")
@grants(Grant.STAYS_WRITE)
@takes_files()
@described(
    Operation(
        "Make or change many stays: a line each, and of each its outcome",
        documents.Outcome,
        documents.StayLine,
        documents.BulkQuery,
        media=(MEDIA_TYPE,),
        answer_media=MEDIA_TYPE,
    )
)
def lines() -> Response:
    """The site and the key are kept: the lines are worked on while the answer leaves."""
    asked, site, who = query_by(documents.BulkQuery()), here(), me()

    def work(some: Sequence[Line]) -> list[dict[str, Any]]:
        return _entered(site, who, asked["source"], some, initial=asked["history"])

    return answered(request.stream, work)


def _entered(site: Site, who: Person, source: str, some: Sequence[Line], *, initial: bool) -> list[dict[str, Any]]:
    now = site.now()
    with site.transaction() as tx:
        mine = _mine(tx, who)

        def enter(rows: list[Reservation]) -> list[dict[str, Any]]:
            return [_outcome(one) for one in enter_each(tx, rows, now, _options(site, who, initial=initial))]

        found = entered(tx, some, lambda said: _row(source, said, mine), enter)
        record(tx, who, "stays.sent", f"source {source}", counted(found), now)
    return found


def _mine(tx: Tx, who: Person) -> set[str]:
    return {code for code in property_zones(tx) if who.sees(code)}


def _row(source: str, said: Any, mine: set[str]) -> Reservation:
    found = read(documents.StayLine(), said)
    if found["property"] not in mine:
        raise InputError(problems={"/property": ELSEWHERE})
    return documents.reservation_of(source, found["property"], found["reservation"], found)


def _outcome(became: Became) -> dict[str, Any]:
    errors = {"": became.reason} if became.reason else {}
    return {"outcome": became.outcome, "id": str(became.stay_id), "errors": errors}


def _options(site: Site, who: Person, *, initial: bool) -> EntryOptions:
    domains = site.part(Config).agency_domains
    return EntryOptions(booking_only=False, initial=initial, lane=None, agency_domains=domains, joins=who.scope)


def _shown(stay: StayRow) -> dict[str, Any]:
    found: dict[str, Any] = documents.Stay().dump(stay)
    return found
