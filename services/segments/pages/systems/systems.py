"""Where do reservations come from by themselves? Each system: when it answered last, what waits, what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.config import Config
from services.segments.pages.guests.labels import hotel_name
from services.segments.rules.systems import DELETED, OTHER_HOTEL, UNREAD, SystemKind, SystemTrouble, Untold
from services.segments.store.properties import property_zones
from services.segments.store.systems import connections as store
from services.segments.store.systems import inbox
from services.segments.store.systems.connections import Connection
from services.segments.systems.connecting import change_hotels, connect
from services.segments.systems.registry import profile_of
from shared.access import audit
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError, NotFound
from shared.vocabulary.trouble import Trouble
from shared.web.access_control import me, my_hotels, needs
from shared.web.config import WebConfig
from shared.web.i18n.labels import label, labels
from shared.web.site import here

pages = Blueprint("segments_systems", __name__, url_prefix="/segments/systems")
LISTED = 50
UNTOLD = {what.reason: what for what in Untold}
Page = tuple[str, int]


@pages.get("")
@needs(May.ADMINISTER)
def show_all() -> str:
    return _page(_kind(request.args.get("kind", "")), {}, {})


@pages.post("")
@needs(May.ADMINISTER)
def make() -> Page:
    """Its credentials are typed here once, and shown nowhere again."""
    form = {name: text.strip() for name, text in request.form.items()}
    kind = _kind(form.get("kind", ""))
    if kind is None:
        raise NotFound()
    profile, plain = profile_of(kind), bool(here().part(Config).networks)
    credentials = {one.name: form.get(one.name, "") or one.default or "" for one in profile.credentials}
    wanted = (form.get("source", ""), form.get("address", ""), credentials, hotels_in(form))
    try:
        with here().transaction() as tx:
            made, secret = connect(tx, kind, *wanted, me().name, here().now(), plain_allowed=plain)
            audit.record(tx, me(), "system.connected", f"system {made}", {"kind": str(kind)}, here().now())
    except InputError as error:
        return _page(kind, form, {name: gettext(text) for name, text in error.problems.items()}), 422
    address = _door(kind, made, secret)
    return render_template("system_secret.html", id=made, secret=secret, address=address, profile=profile), 201


@pages.get("/<uuid:connection_id>")
@needs(May.ADMINISTER)
def show(connection_id: UUID) -> str:
    return _one(connection_id, {})


@pages.post("/<uuid:connection_id>/hotels")
@needs(May.ADMINISTER)
def hotels(connection_id: UUID) -> Response | Page:
    try:
        with here().transaction() as tx:
            _known(tx, connection_id)
            change_hotels(tx, connection_id, hotels_in(request.form))
            store.try_now(tx, connection_id, here().now())
            audit.record(tx, me(), "system.hotels_changed", f"system {connection_id}", {}, here().now())
    except InputError as error:
        return _one(connection_id, {name: gettext(text) for name, text in error.problems.items()}), 422
    flash(gettext("Kept. Its reservations are looked through again."))
    return redirect(f"/segments/systems/{connection_id}", 303)


@pages.post("/<uuid:connection_id>/retry")
@needs(May.ADMINISTER)
def retry(connection_id: UUID) -> Response:
    with here().transaction() as tx:
        _known(tx, connection_id)
        store.try_now(tx, connection_id, here().now())
        audit.record(tx, me(), "system.tried_again", f"system {connection_id}", {}, here().now())
    flash(gettext("It is asked now."))
    return redirect(f"/segments/systems/{connection_id}", 303)


@pages.post("/<uuid:connection_id>/ending")
@needs(May.ADMINISTER)
def end(connection_id: UUID) -> Response:
    with here().transaction() as tx:
        if store.end(tx, connection_id, here().now()):
            audit.record(tx, me(), "system.ended", f"system {connection_id}", {}, here().now())
    return redirect("/segments/systems", 303)


def hotels_in(form: Mapping[str, str]) -> dict[str, str]:
    """By the system's number of a hotel, ours; one of ours may be several there, by commas."""
    given = {name.removeprefix("hotel."): text for name, text in form.items() if name.startswith("hotel.")}
    return {
        number.strip(): code
        for code, text in given.items()
        for number in text.replace("，", ",").split(",")
        if number.strip()
    }


def left_out_words(left_out: Mapping[str, int]) -> list[tuple[str, int]]:
    """What was not taken and why, the most first."""
    found = {_why(reason): number for reason, number in left_out.items() if reason not in UNTOLD}
    return sorted(found.items(), key=lambda one: -one[1])


def untold_words(left_out: Mapping[str, int]) -> list[tuple[str, int]]:
    """What was taken and lacks something, the most first."""
    found = {label(what): left_out[reason] for reason, what in UNTOLD.items() if reason in left_out}
    return sorted(found.items(), key=lambda one: -one[1])


def _why(reason: str) -> str:
    kind, _, what = reason.partition(":")
    if kind == OTHER_HOTEL:
        return gettext("of its hotel %(number)s, which is none of ours here", number=what)
    if kind == DELETED:
        return gettext("deleted there before they were fetched")
    if kind == UNREAD:
        return gettext("could not be read: %(field)s", field=what)
    return reason


def _kind(text: str) -> SystemKind | None:
    return SystemKind(text) if text in set(SystemKind) else None


def _door(kind: SystemKind, connection_id: UUID, secret: str) -> str:
    """What is entered at the system; empty where it tells nothing."""
    profile, origin = profile_of(kind), here().part(WebConfig).origin
    return profile.door.format(origin=origin, id=connection_id, secret=secret)


def _known(tx: Tx, connection_id: UUID) -> Connection:
    found = store.find(tx, connection_id)
    if found is None:
        raise NotFound()
    return found


def _one(connection_id: UUID, problems: Mapping[str, str]) -> str:
    with here().transaction() as tx:
        one = _known(tx, connection_id)
        waiting, left = inbox.counts(tx).get(connection_id, (0, 0))
        failed = inbox.failed(tx, connection_id, LISTED)
    told = {"waiting": waiting, "left": left, "failed": failed, "problems": problems}
    numbers = {code: ", ".join(theirs for theirs, ours in one.hotels.items() if ours == code) for code in _codes()}
    counts = {"left_out": left_out_words(one.left_out), "untold": untold_words(one.left_out)}
    return render_template("system.html", one=one, numbers=numbers, **counts, **told, **_words(one.kind))


def _page(kind: SystemKind | None, values: Mapping[str, Any], problems: Mapping[str, str]) -> str:
    with here().transaction() as tx:
        found, counts = store.connections(tx), inbox.counts(tx)
    codes = _codes()
    numbers = {code: values.get(f"hotel.{code}", "") for code in codes}
    more = {"values": values, "problems": problems, "numbers": numbers, "kinds": labels(SystemKind)}
    return render_template("systems.html", systems=found, counts=counts, kind=kind, **more, **_words(kind))


def _codes() -> list[str]:
    with here().transaction() as tx:
        known = property_zones(tx)
    return sorted(known, key=hotel_name)


def _words(kind: SystemKind | None) -> dict[str, Any]:
    hotels = my_hotels()
    return {
        "profile": profile_of(kind) if kind else None,
        "kind_labels": labels(SystemKind),
        "troubles": {**labels(Trouble), **labels(SystemTrouble)},
        "hotel_name": hotel_name,
        "zone": hotels[0].zone if hotels else "UTC",
    }
