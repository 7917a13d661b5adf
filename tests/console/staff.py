"""People with accounts, and the console as they see it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.console.commands.accounts import Member, ensure_person
from services.console.commands.change_property import Property, change_property
from services.console.config import Config
from services.console.consumer import SUBSCRIPTIONS
from services.console.service import SERVICE
from shared.clock import VirtualClock
from shared.database.pool import Database, Tx
from shared.events import Chunk, chunk_of
from shared.events.messaging import SendersChanged
from shared.settings.installation import LOCAL
from shared.vocabulary.channel import Channel
from shared.vocabulary.role import Role
from shared.web.config import WebConfig
from tests.cast import NOW
from tests.harness import ServiceHarness
from tests.web import Browser

ADA_MAIL, MARTA_MAIL = "ada@casa.example.com", "marta@casa.example.com"
ADAS, MARTAS = "copper kettle on the roof", "eleven slow green trams"


class House(ServiceHarness):
    """A console with two hotels, an administrator and a marketer, and a clock to turn."""

    subscriptions = SUBSCRIPTIONS

    def __init__(self, database: Database, clock: VirtualClock, ada: UUID, marta: UUID) -> None:
        super().__init__(database)
        self.clock, self.ada, self.marta = clock, ada, marta
        self.config, self.origin = Config(), LOCAL

    def sends_mail(self, is_real: bool = True) -> None:
        """Messaging publishes that notices to colleagues really leave."""
        version = 1 + int(self.one("select coalesce(max(version), 0) from sender_known"))
        said = SendersChanged(channel=Channel.EMAIL, version=version, is_real=is_real, occurred_at=NOW)
        self.hear_at(NOW, chunk_of([said]))

    def browser(self, *, at: str = "10.0.0.1", origin: str | None = None) -> Browser:
        """Somebody at a machine of that network address, not signed in."""
        web = WebConfig(origin or self.origin, gateway="http://127.0.0.1:9")  # nobody listens there
        found = Browser(SERVICE.build_web(self.config, self.database, self.clock, web), None)
        found.client.environ_base["REMOTE_ADDR"] = at
        return found

    def signed_in(self, email: str = ADA_MAIL, password: str = ADAS) -> Browser:
        found = self.browser()
        found.get("/sign-in")
        assert found.post("/sign-in", {"email": email, "password": password}, follow=False).status_code == 303
        found.get("/account")
        return found

    def said(self, name: str) -> list[Chunk]:
        return [chunk for type_, _, chunk in self.outbox() if type_ == name]


def open_house(database: Database, at: datetime = NOW) -> House:
    with database.transaction() as tx:
        for code, name, zone, country in (
            ("LIS", "Casa do Tejo Lisboa", "Europe/Lisbon", "PT"),
            ("SHA", "Riverside House Shanghai", "Asia/Shanghai", "CN"),
        ):
            change_property(tx, _property(code, name, zone, country), "guestloop", at)
        ada, marta = _employ(tx, at)
    return House(database, VirtualClock(at), ada, marta)


def _employ(tx: Tx, at: datetime) -> tuple[UUID, UUID]:
    chief = Member(name="Ada Azevedo", role=Role.ADMINISTRATOR)
    ada = ensure_person(tx, email=ADA_MAIL, wanted=chief, password=ADAS, at=at)
    marta = Member(name="Marta Marques", role=Role.MARKETER, properties=["LIS"])
    return ada, ensure_person(tx, email=MARTA_MAIL, wanted=marta, password=MARTAS, at=at)


def _property(code: str, name: str, zone: str, country: str) -> Property:
    return Property(
        code=code,
        name=name,
        zone=zone,
        country=country,
        legal_entity="Casa do Tejo Hotels",
        postal_address=f"{name}, 1",
        contact=f"hello@{code.lower()}.example.com",
        told_of_survey=True,
    )
