"""Which pages may be some seconds old, over all services: those that only show, and none on which somebody decides."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from flask import Flask

from guestloop.composition.services import MANIFESTS
from shared.access.people import May
from shared.clock import VirtualClock
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.web.access_control import READING, door_of
from shared.web.config import WebConfig
from shared.web.reading import may_read_from_a_replica
from tests.cast import NOW

DECIDED_ON = {"/campaigns/journeys/<key>/launch", "/campaigns/broadcasts/<key>"}
"""Pages of `SHOWING` that are read at the primary all the same."""
HEAVY = (
    *("/segments/guests", "/segments/guests/<uuid:guest_id>", "/segments/segments", "/segments/cohorts"),
    *("/segments/rfm", "/segments/figures", "/segments/segments/exports/<uuid:export_id>", "/figures", "/"),
    *("/feedback/answers", "/feedback/inbox", "/campaigns/journeys", "/campaigns/journeys/<key>/results"),
)
NEVER = (
    *("/account", "/people", "/people/keys", "/sign-in", "/messaging/going-live", "/audit"),
    *("/segments/guests/<uuid:guest_id>/erasure", "/segments/guests/files/<uuid:guest_file_id>.<any(html, json):kind>"),
)


@pytest.fixture(scope="module")
def apps() -> Iterator[list[Flask]]:
    keyring, made, found = KeyRing.parse(KeyRing.fresh()), list[Database](), list[Flask]()
    for one in MANIFESTS:
        made.append(Database("", service=one.name, keyring=keyring))
        found.append(one.build_web(one.read_config({}), made[-1], VirtualClock(NOW), WebConfig()))
    yield found
    for database in made:
        with closing(database):
            pass


def pages(apps: list[Flask]) -> dict[str, tuple[object, bool]]:
    """By address what it asks of its reader, and whether it may be read from a replica."""
    found = dict[str, tuple[object, bool]]()
    for app in apps:
        with app.app_context():
            for rule in app.url_map.iter_rules():
                if set(READING) & (rule.methods or set()) and not rule.endpoint.endswith("static"):
                    found[rule.rule] = door_of(rule.endpoint), may_read_from_a_replica(rule.endpoint)
    return found


def test_pages_that_show_are_read_from_a_replica_and_those_that_decide_are_not(apps: list[Flask]) -> None:
    found = pages(apps)
    assert {path: found[path][1] for path in HEAVY} == dict.fromkeys(HEAVY, True)
    assert {path: found[path][1] for path in NEVER} == dict.fromkeys(NEVER, False)
    shows = {May.SEE_GUESTS, May.SEE_CONTACTS, May.SEE_FIGURES, May.CARE, May.CLOSE_CASES, May.CONFIGURE}
    assert {path for path, (door, may) in found.items() if may is not (door in shows)} == DECIDED_ON
