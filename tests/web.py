"""A service's pages as a browser without JavaScript sees them: signed in as one of the cast, with form tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.access.people import keep_hotels, keep_people
from shared.clock import Clock, VirtualClock
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.console import AccessChanged, PropertyChanged
from shared.ids import make_id
from shared.vocabulary.role import Role
from shared.web.config import WebConfig

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
Build = Callable[[Any, Database, Clock, WebConfig], Flask]


@dataclass(frozen=True)
class Member:
    """One of the cast who works at the hotels."""

    name: str
    role: Role
    properties: tuple[str, ...] = ()

    @property
    def person_id(self) -> Any:
        return make_id("person", self.name)


MARTA = Member("Marta Marques", Role.MARKETER)
DINA = Member("Dina Duarte", Role.DUTY_MANAGER, ("LIS",))
FILIPA = Member("Filipa Faria", Role.FRONT_DESK, ("LIS",))
ANTON = Member("Anton Alves", Role.ANALYST)
ADA = Member("Ada Azevedo", Role.ADMINISTRATOR)
WEI = Member("Wei Wang", Role.DUTY_MANAGER, ("SHA",))
STAFF = (MARTA, DINA, FILIPA, ANTON, ADA, WEI)
HOTELS = (
    ("LIS", "Casa do Tejo Lisboa", "Europe/Lisbon", "PT"),
    ("SHA", "Riverside House Shanghai", "Asia/Shanghai", "CN"),
)


def employ(database: Database, at: datetime = NOW) -> None:
    """The staff and the hotels are known to a service."""
    people = [
        AccessChanged(
            person_id=one.person_id,
            version=1,
            name=one.name,
            role=one.role,
            properties=list(one.properties),
            language=None,
            secret_hash=None,
            occurred_at=at,
        )
        for one in STAFF
    ]
    houses = [
        PropertyChanged(
            code=code,
            version=1,
            name=name,
            zone=zone,
            country=country,
            legal_entity="Casa do Tejo Hotels",
            postal_address=name,
            contact=f"hello@{code.lower()}.example.com",
            told_of_survey=True,
            survey_threshold=6,
            occurred_at=at,
        )
        for code, name, zone, country in HOTELS
    ]
    with database.transaction() as tx:
        keep_people(tx, chunk_of(people), at)
        keep_hotels(tx, chunk_of(houses), at)


class Browser:
    """One person at one service's pages. `get` and `post` follow redirects within the service."""

    def __init__(self, app: Flask, who: Member | None) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        if who is not None:
            with self.client.session_transaction() as session:
                session["person"] = str(who.person_id)
        self._token = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        response = self.client.get(path, **more)
        if found := re.search(r'name="csrf_token" value="([^"]+)"', response.get_data(as_text=True)):
            self._token = found[1]
        return response

    def post(
        self, path: str, values: Mapping[str, Any] | None = None, *, follow: bool = True, **more: Any
    ) -> TestResponse:
        """Submits a form; its token is that of the page read last."""
        data = {"csrf_token": self._token, **(values or {})}
        return self.client.post(path, data=data, follow_redirects=follow, **more)


def words(response: TestResponse) -> str:
    """What a page says, without its markup."""
    text = re.sub(r"(?s)<(script|style|head).*?</\1>", " ", response.get_data(as_text=True))
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split())


def browser(
    build_web: Build,
    config: Any,
    database: Database,
    who: Member | None,
    *,
    at: datetime = NOW,
    web: WebConfig | None = None,
) -> Browser:
    employ(database, at)
    return Browser(build_web(config, database, VirtualClock(at), web or WebConfig()), who)
