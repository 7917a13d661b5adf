"""A house whose texts hold links, its guests and programs who open them, and who judges which was which."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from services.messaging.channels.sandbox import SandboxSender
from services.messaging.commands.templates.publish import install_shipped, publish_template
from services.messaging.queries.messages import as_sent
from services.messaging.reconcile import Reconcile
from services.messaging.service import SERVICE
from shared.clock import VirtualClock
from shared.crypto.sealing import KeyRing
from shared.events.campaigns import MessageRequested
from shared.web.config import WebConfig
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import LONG_AGO, MONDAY, Hotel, birthday, email, guest, lisbon

AN_HOUR = timedelta(hours=1)
SPA = "https://hotel.example/spa?a=1"
HOME = "https://hotel.example/in?h={{ property.name }}&d=1"
MAIL = {"subject": "A word", "body": [f"See {SPA}.", {"button": {"label": "Come", "link": HOME}}]}
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1"
LINK = re.compile(r"http://127\.0\.0\.1:8080(/l/\w+)")


class House(Hotel):
    """Its texts hold two links by mail, one by text message."""

    def __init__(self, database: Any, *guests: Any) -> None:
        super().__init__(database, SandboxSender(database))
        self.clock = VirtualClock(MONDAY)
        self.web = SERVICE.build_web(self.config, database, self.clock, WebConfig()).test_client()
        self.reconcile = Reconcile(database, self.config, {})
        with database.transaction() as tx:
            install_shipped(tx, LONG_AGO)
            for key, purpose in (("birthday", "marketing"), ("note", "stay_service")):
                locale = {"email": MAIL, "sms": {"text": f"Come: {SPA}"}}
                written = {"key": key, "name": key, "purpose": purpose, "locales": {"en": locale}}
                publish_template(tx, written, at=LONG_AGO, by="maria")
        self.hears(lisbon(), *guests)

    def links(self, message: Any) -> list[str]:
        """As its reader finds them in the text, in order."""
        return LINK.findall(self.words(message))

    def words(self, message: Any) -> str:
        with self.database.transaction() as tx:
            found = as_sent(tx, message.message_id)
        assert found is not None
        return found.text

    def opens(
        self, link: str, at: datetime, *, method: str = "GET", where: str = "198.51.100.7", **headers: str
    ) -> TestResponse:
        self.clock.advance_to(at)
        told = {"User-Agent": PHONE, **{name.replace("_", "-"): value for name, value in headers.items()}}
        return self.web.open(link, method=method, headers=told, environ_overrides={"REMOTE_ADDR": where})

    def judges(self, at: datetime) -> None:
        while self.reconcile.step(at):
            pass

    def clicked(self) -> list[tuple[UUID, int]]:
        return [(UUID(one["message_id"]), one["link"]) for one in self.published("message.clicked.v1")]

    def known(self) -> list[tuple[int, bool, str | None]]:
        return self.all("select number, counted, reason from click order by message_id, number")


def greeting(guest_id: UUID = ANA, **more: Any) -> MessageRequested:
    return replace(birthday(guest_id, property="LIS"), **more)


def ana(keyring: KeyRing, **more: Any) -> Any:
    return guest(points=[email(keyring, "ana@example.com")], **more)


def house_with_links(make_database: MakeDatabase, keyring: KeyRing) -> House:
    """Ana has its mail."""
    house = House(make_database("messaging"), ana(keyring))
    house.hears(greeting())
    house.runs()
    assert house.outcomes() == [("sent", None)]
    return house
