"""A small campaign through all services: an import, its guests, a message to each, some refused, one that is poison."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from aiosmtpd.controller import Controller

from guestloop.composition.seed import Setup, set_up_everything
from services.messaging.commands.templates.publish import install_shipped
from services.segments.commands.hand_in import HandedIn, hand_in
from shared.bus.outbox import publish
from shared.bus.roles import Service
from shared.events.campaigns import MessageRequested, MessageWithdrawn
from shared.events.dictionary import chunk_of
from shared.ids import make_id
from shared.vocabulary.purpose import Purpose
from tests.loopback import free_ports
from tests.messaging.mail_server import Inbox
from tests.observability.installation import Installation
from tests.observability.role import until

MAPPING = {"yes": "express", "no": "never_asked"}


@dataclass
class Picky(Inbox):
    """A mail server that knows some of its people and quotes the others' addresses when it refuses them."""

    refused: list[str] = field(default_factory=list)

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802
        if sum(address.encode()) % 5 == 0:
            self.refused.append(address)
            return f"550 5.1.1 <{address}> is unknown here"
        envelope.rcpt_tos.append(address)
        return "250 ok"


AT_NOON = "NOON"  # a hotel where it is noon whenever the test runs: nothing is held for the night there


def midday_zone(now: datetime) -> str:
    """Where it is noon now."""
    ahead = 12 - now.astimezone(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def requested(guest_id: UUID, now: datetime, **more: Any) -> MessageRequested:
    told: dict[str, Any] = {
        "message_id": make_id("observed", guest_id),
        "version": 1,
        "guest_id": guest_id,
        "journey": "birthday",
        "journey_version": 1,
        "step": "send",
        "occurrence": "observed",
        "plan": 1,
        "channels": ["email"],
        "purpose": Purpose.FEEDBACK,
        "priority": 0,
        "template": "birthday",
        "property": AT_NOON,
        "stay_id": None,
        "zone": midday_zone(now),
        "due_at": now,
        "local_time": None,
        "useful_until": now + timedelta(days=1),
        "wants": [],
        "holdout": 0,
        "values": {},
        "requested_at": now,
        **more,
    }
    return MessageRequested(**told)


def apply_setup(installation: Installation) -> None:
    """The properties, segments and journeys that ship; the imports know what columns mean."""
    now = datetime.now(UTC)
    places = {AT_NOON: ("PT", midday_zone(now))}
    setup = Setup.for_export(["LIS", "ALG", "SHA", AT_NOON], places)
    set_up_everything(installation.group, setup.properties, now)
    with installation.group.database("messaging").transaction() as tx:
        install_shipped(tx, now)


def hand_in_export(installation: Installation, export: Path) -> None:
    file = HandedIn(
        export.name, str(export), make_id(export.read_bytes().hex()).hex, export.stat().st_size, "program", "test"
    )
    with installation.group.database("segments").transaction() as tx:
        hand_in(tx, file, "pms", MAPPING, datetime.now(UTC), start=True)


def ask_for_messages(installation: Installation, guests: list[UUID], **more: Any) -> None:
    now = datetime.now(UTC)
    with installation.group.database("campaigns").transaction() as tx:
        publish(tx, chunk_of([requested(guest, now, **more) for guest in guests]), at=now)


def guests_with_mail(installation: Installation) -> list[UUID]:
    query = """
        select distinct guest_id from recipient_point join recipient using (guest_id)
        where channel = 'email' and kind = 'personal' and do_not_contact is null order by guest_id
    """
    with installation.group.database("messaging").transaction() as tx:
        return [guest for (guest,) in tx.execute(query)]


def play(installation: Installation, export: Path) -> None:
    """Import, hear, ask, send; returns when nothing is under way."""
    began = datetime.now(UTC)
    apply_setup(installation)
    known = "select count(*) from property_known"
    until(lambda: installation.count("segments", known) == 4, what="segments did not hear of the properties")
    hand_in_export(installation, export)
    done = "select count(*) from import_file where state in ('done', 'failed')"
    until(lambda: installation.count("segments", done) == 1, what="the import was not worked off")
    at_rest(installation, began)
    guests = guests_with_mail(installation)
    assert len(guests) > 40
    ask_for_messages(installation, guests)
    ask_for_messages(installation, guests[:1], message_id=make_id("poison"), zone="Nowhere/At_All")
    withdraw(installation, guests[0])
    until(lambda: installation.count("messaging", "select count(*) from dead_letter") == 1)
    at_rest(installation, began)
    queued = "select count(*) from delivery where state in ('queued', 'claimed') and occurrence = 'observed'"
    until(lambda: installation.count("messaging", queued) == 0, what="not everything left")
    at_rest(installation, began)


def withdraw(installation: Installation, guest: UUID) -> None:
    """A message that was never asked for is taken back."""
    now = datetime.now(UTC)
    back = MessageWithdrawn(
        message_id=make_id("never", guest), version=2, guest_id=guest, reason="booked", withdrawn_at=now
    )
    with installation.group.database("campaigns").transaction() as tx:
        publish(tx, chunk_of([back]), at=now)


def at_rest(installation: Installation, since: datetime) -> None:
    """What was published `since` then was handled by everybody who subscribes to it, and nothing more came of it."""
    # the second look sees what came of it while the first went from service to service
    until(lambda: is_at_rest(installation, since) and is_at_rest(installation, since), what="something is under way")


def is_at_rest(installation: Installation, since: datetime) -> bool:
    services = installation.group.services.values()
    published: dict[UUID, str] = {}
    for service in services:
        with service.database.transaction() as tx:
            rows = tx.execute("select message_id, type, published_at from outbox where created_at >= %s", [since])
            for message_id, name, at in rows.fetchall():
                if at is None:
                    return False
                published[message_id] = name
    return all(not unheard(service, published) for service in services)


def unheard(service: Service, published: Mapping[UUID, str]) -> set[tuple[str, UUID]]:
    """What a service has not entered into its inbox, by subscription."""
    meant = {
        (one.name, message_id)
        for one in service.subscriptions
        for message_id, name in published.items()
        if name in one.handlers
    }
    with service.database.transaction() as tx:
        heard = tx.execute("select concern, message_id from inbox where message_id = any(%s)", [list(published)])
        return meant - set(heard.fetchall())


def private_words(export: Path) -> set[str]:
    """Names, addresses and numbers of the export, as written in it: what no log may hold."""
    columns = ("first_name", "last_name", "email", "phone", "birth_date", "special_requests")
    with export.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row[name].strip() for row in rows for name in columns if len(row[name].strip()) > 4}


@contextmanager
def picky_mail() -> Iterator[Picky]:
    kept = Picky(port=free_ports(1)[0])
    server = Controller(kept, hostname="127.0.0.1", port=kept.port)
    server.start()
    try:
        yield kept
    finally:
        server.stop()


def by_mail(port: int) -> dict[str, str]:
    """The settings of a sender that hands over to that server."""
    return {
        "GUESTLOOP_EMAIL": "smtp",
        "GUESTLOOP_SMTP_HOST": "127.0.0.1",
        "GUESTLOOP_SMTP_PORT": str(port),
        "GUESTLOOP_SMTP_SECURITY": "none",
        "GUESTLOOP_MAIL_FROM": "hello@casa.example.com",
    }
