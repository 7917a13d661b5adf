"""A session begun at the console counts in every other service, for as long as that service knows of nothing newer."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from shared.access.people import keep_people
from shared.database.pool import Database
from shared.web.app import make_app
from shared.web.config import WebConfig
from shared.web.site import site_of
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.staff import ADA_MAIL, ADAS, House, open_house
from tests.web import Browser

NEW = "seven lemons in the snow"


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    return open_house(make_database("console"))


@pytest.fixture
def segments(make_database: MakeDatabase) -> Database:
    return make_database("segments")


def hear(house: House, segments: Database) -> None:
    with segments.transaction() as tx:
        for chunk in house.said("access.changed.v1"):
            keep_people(tx, chunk, NOW)


def at_segments(house: House, segments: Database, browser: Browser) -> FlaskClient:
    """The same browser at the other service: it brings along the console's cookie."""
    app: Flask = make_app(site_of(WebConfig(), segments, house.clock), Path("nowhere"), [])
    client = app.test_client()
    cookie = browser.client.get_cookie("guestloop")
    assert cookie is not None
    client.set_cookie("guestloop", cookie.value)
    return client


def status(client: FlaskClient) -> int:
    return client.get("/segments/dead-letters").status_code


def test_who_signed_in_at_the_console_is_in_everywhere_once_it_was_heard(house: House, segments: Database) -> None:
    there = at_segments(house, segments, house.signed_in())
    assert status(there) == 302
    hear(house, segments)
    assert status(there) == 200


def test_a_new_password_ends_the_other_sessions_there_too_and_never_this_one(house: House, segments: Database) -> None:
    hear(house, segments)
    this, other = house.signed_in(), house.signed_in()
    elsewhere = at_segments(house, segments, other)
    this.post("/account/password", {"old": ADAS, "password": NEW})
    assert status(at_segments(house, segments, this)) == 200  # before the event arrives
    hear(house, segments)
    assert status(at_segments(house, segments, this)) == 200
    assert status(elsewhere) == 302


def test_a_session_cannot_be_made_up(house: House, segments: Database) -> None:
    hear(house, segments)
    client = at_segments(house, segments, house.signed_in(ADA_MAIL, ADAS))
    cookie = client.get_cookie("guestloop")
    assert cookie is not None
    client.set_cookie("guestloop", ("f" if cookie.value[0] != "f" else "e") + cookie.value[1:])
    assert status(client) == 302
