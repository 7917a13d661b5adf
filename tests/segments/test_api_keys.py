"""A key opens what it grants, as long as it is good, so many times a minute; and its use is told of once an hour."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.segments.config import Config
from services.segments.service import SERVICE
from shared.access.people import keep_people
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.events import chunk_of
from shared.vocabulary.grant import Grant
from shared.vocabulary.role import Role
from shared.web.config import WebConfig
from tests.cast import NOW, Member, access_of
from tests.conftest import MakeDatabase
from tests.harness import off_the_wire

SHOP = Member("The shop", Role.PROGRAM)
BEARER = {"Authorization": f"Bearer glk_{SHOP.person_id.hex}_secret"}
IMPORT = "/api/imports/00000000-0000-5000-8000-000000000000"


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    return make_database("segments")


def key(database: Database, *, version: int = 1, expires_at: datetime | None = None, grants: Any = ()) -> None:
    made = access_of(SHOP, version=version, secret="secret")
    granted = replace(made, grants=[str(one) for one in grants], expires_at=expires_at)
    with database.transaction() as tx:
        keep_people(tx, off_the_wire(chunk_of([granted])), NOW)


def client(database: Database, clock: VirtualClock, a_minute: int = 600) -> FlaskClient:
    return SERVICE.build_web(Config(), database, clock, WebConfig(api_a_minute=a_minute)).test_client()


def test_a_key_of_an_earlier_version_goes_on_sending_reservations(database: Database) -> None:
    key(database)
    assert client(database, VirtualClock(NOW)).get(IMPORT, headers=BEARER).status_code == 404


def test_a_key_that_does_not_grant_it_is_refused(database: Database) -> None:
    key(database, grants=[Grant.GUESTS_READ])
    assert client(database, VirtualClock(NOW)).get(IMPORT, headers=BEARER).status_code == 403


def test_a_later_versions_grant_is_nothing_here(database: Database) -> None:
    key(database, grants=["rooms:paint"])
    assert client(database, VirtualClock(NOW)).get(IMPORT, headers=BEARER).status_code == 403


def test_a_key_opens_nothing_from_its_end_on(database: Database) -> None:
    key(database, expires_at=NOW + timedelta(days=1), grants=[Grant.IMPORTS_WRITE])
    clock = VirtualClock(NOW)
    program = client(database, clock)
    assert program.get(IMPORT, headers=BEARER).status_code == 404
    clock.advance_to(NOW + timedelta(days=1))
    assert program.get(IMPORT, headers=BEARER).status_code == 401


def test_a_key_makes_so_many_requests_a_minute_in_all_processes_together(database: Database) -> None:
    key(database)
    clock = VirtualClock(NOW + timedelta(seconds=20))
    one, other = client(database, clock, 3), client(database, clock, 3)
    codes = [program.get(IMPORT, headers=BEARER).status_code for program in (one, other, one)]
    assert codes == [404, 404, 404]
    refused = other.get(IMPORT, headers=BEARER)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "41")
    clock.advance_to(NOW + timedelta(seconds=61))
    assert other.get(IMPORT, headers=BEARER).status_code == 404


def test_a_wrong_secret_is_no_use_of_the_key(database: Database) -> None:
    key(database)
    wrong = {"Authorization": f"Bearer glk_{SHOP.person_id.hex}_other"}
    assert client(database, VirtualClock(NOW)).get(IMPORT, headers=wrong).status_code == 401
    with database.transaction() as tx:
        assert tx.execute("select count(*) from key_use").fetchone() == (0,)


def test_the_use_of_a_key_is_published_once_an_hour(database: Database) -> None:
    key(database)
    clock = VirtualClock(NOW)
    program = client(database, clock)
    for minutes in (0, 1, 59, 60, 61):
        clock.advance_to(NOW + timedelta(minutes=minutes))
        program.get(IMPORT, headers=BEARER)
    with database.transaction() as tx:
        told = tx.execute("select count(*) from outbox where type = 'key.used.v1'").fetchone()
    assert told == (2,)
