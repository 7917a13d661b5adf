"""A whole installation on a virtual clock with one guest of whom every service holds something."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from guestloop.composition.seed import Setup, apply_setup
from guestloop.composition.services import MANIFEST, SERVICES, Group, build_group, world_of
from guestloop.composition.virtual_world import World
from services.segments.commands.reservations.enter import EntryOptions, enter
from services.segments.rules.reservations import Reservation
from shared.clock import VirtualClock
from shared.crypto.purposes import Sealing
from shared.ids import make_id
from shared.vocabulary.stay import StayStatus
from shared.web.config import WebConfig
from tests.cast import NOW, Member, employ
from tests.conftest import MakeDatabase
from tests.segments.rows import row
from tests.web import Browser

EARLY = datetime(2026, 9, 1, 6, tzinfo=UTC)
RITA = row(
    1, name="Rita Cantu", email="rita@example.com", phone="+447700900123", country="PT", language="pt",
    status=StayStatus.CHECKED_OUT, status_date=date(2026, 10, 3), booked_on=date(2026, 9, 1),
    arrival=date(2026, 10, 1), departure=date(2026, 10, 3), birth_date=date(1980, 11, 22), revenue=None,
)  # fmt: skip
OTHER = replace(RITA, reservation="LIS-000002", email="other@example.com", given_name="Otto", phone="+447700900124")


@dataclass
class House:
    group: Group
    world: World
    clock: VirtualClock

    def one(self, service: str, query: str, params: Any = None) -> Any:
        with self.group.database(service).transaction() as tx:
            found = tx.execute(query, params).fetchone()
        return found[0] if found else None

    def run(self, service: str, statement: str, params: Any = None) -> None:
        with self.group.database(service).transaction() as tx:
            tx.execute(statement, params)

    def seal(self, service: str, words: str, purpose: Sealing) -> str:
        return self.group.database(service).keyring.seal(words, purpose)

    def moved(self, *services: str) -> None:
        """What these services published arrives everywhere."""
        for name in services or SERVICES:
            self.world.mark_changed(name)
        self.world.settle(self.clock.now())

    def page(self, service: str, who: Member) -> Browser:
        database = self.group.database(service)
        employ(database, self.clock.now())
        config = MANIFEST[service].read_config({})
        web = WebConfig(gateway="http://127.0.0.1:9")
        return Browser(MANIFEST[service].build_web(config, database, self.clock, web), who)


def open_house(make_database: MakeDatabase) -> House:
    clock = VirtualClock(EARLY)
    group = build_group({name: make_database(name) for name in SERVICES}, clock, {})
    apply_setup(group, Setup.for_export(["LIS"], {}), EARLY)
    house = House(group, world_of(group, clock), clock)
    house.moved()
    bring(house, [RITA, OTHER])
    house.moved()
    clock.advance_to(NOW)
    house.moved()
    return house


def bring(house: House, rows: list[Reservation]) -> None:
    with house.group.database("segments").transaction() as tx:
        enter(tx, rows, house.clock.now(), EntryOptions(booking_only=False, initial=True, lane=None))


def guest_of(stay: Reservation) -> UUID:
    return stay.key().guest_id()


def plant(house: House, guest: UUID, at: datetime = NOW - timedelta(days=2)) -> None:
    """What the virtual hotels do not bring by themselves: a message with its text, a reply, an answer, a case."""
    message = make_id("message", guest)
    keyring = house.group.database("messaging").keyring
    house.run(
        "messaging",
        """
        insert into delivery (message_id, guest_id, request_version, state, journey, journey_version, step, occurrence,
            channels, purpose, lane, priority, template, zone, due_at, useful_until, wants, holdout, "values",
            requested_at, reason, channel, address_sealed, language, changed_at)
        values (%(id)s, %(guest)s, 1, 'sent', 'win-back', 1, 'send', 'lapse:1', '{email}', 'marketing', 'marketing', 1,
            'win-back', 'Europe/Lisbon', %(at)s, %(at)s, '{}', 0, '{}', %(at)s, null, 'email', %(to)s, 'pt', %(at)s)
        """,
        {"id": message, "guest": guest, "at": at, "to": keyring.seal("rita@example.com", Sealing.CONTACT)},
    )
    house.run(
        "messaging",
        """
        insert into decision (message_id, at, state, reason, language) values
            (%(id)s, %(at)s, 'held', 'quiet_hours', 'pt'), (%(id)s, %(at)s, 'sent', null, 'pt')
        """,
        {"id": message, "at": at},
    )
    words = json.dumps({"from": "Casa", "subject": "Voltamos a ver-nos?", "text": "planted words", "page": "<p>"})
    house.run(
        "messaging",
        "insert into sent_text values (%(id)s, null, %(at)s, %(words)s)",
        {"id": message, "words": keyring.seal(words, Sealing.MESSAGE_TEXT), "at": at},
    )
    proof = json.dumps({"place": "reception desk", "words": "I agree to offers", "by": "Filipa Faria"})
    house.run(
        "messaging",
        """
        insert into consent_ledger
            (guest_id, channel, purpose, state, source, source_ref, said_at, recorded_at, proof_sealed)
        values (%(guest)s, 'email', 'marketing', 'express', 'desk', 'form 7', %(at)s, %(at)s, %(proof)s)
        """,
        {"guest": guest, "at": at, "proof": keyring.seal(proof, Sealing.PROOF)},
    )
    house.run(
        "feedback",
        """
        insert into reply (reply_id, channel, point, guest_id, message_id, text_sealed, taken_as, received_at)
        values (%(reply)s, 'email', 'index', %(guest)s, %(id)s, %(words)s, 'words', %(at)s)
        """,
        {
            "reply": make_id("reply"),
            "guest": guest,
            "id": message,
            "words": house.seal("feedback", "planted reply", Sealing.WORDS),
            "at": at,
        },
    )
    house.run(
        "segments",
        "insert into guest_preference values (%(guest)s, %(words)s, 'Filipa Faria', %(at)s)",
        {"guest": guest, "words": house.seal("segments", "planted wish", Sealing.NOTE), "at": at},
    )
