"""SIGTERM, under load: the set at hand is finished, what is held is given back, exit status 0 within ten seconds."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller

from guestloop.generated.export import write_export
from services.messaging.commands.templates.publish import install_shipped
from shared.bus.outbox import publish
from shared.events.dictionary import chunk_of
from shared.ids import make_id
from shared.telemetry.health import STOPPED_WITHIN
from shared.vocabulary.contact_point import PointClass
from tests.loopback import free_ports
from tests.messaging.hotel import Hotel, email, guest, lisbon
from tests.messaging.mail_server import Inbox
from tests.observability.campaign import AT_NOON, by_mail, hand_in_export, midday_zone, requested
from tests.observability.installation import Installation
from tests.observability.role import Role, until

pytestmark = pytest.mark.rabbitmq


def stop(role: Role) -> None:
    took = role.end()
    assert role.process.returncode == 0, role.log.read_text()[-2000:]
    assert took < STOPPED_WITHIN
    assert [line["event"] for line in role.logged()][-2:] == ["stopping", "stopped"]


def ready(*roles: Role) -> None:
    for role in roles:
        until(lambda role=role: role.is_ready, what=f"{role.service} {role.role}: {role.state()}")  # type: ignore[misc]


def say_messages(installation: Installation, name: str, number: int) -> None:
    """Campaigns asks for so many messages, each in a message of its own."""
    now = datetime.now(UTC)
    with installation.group.database("campaigns").transaction() as tx:
        for place in range(number):
            told = requested(
                make_id(name, place), now, due_at=now + timedelta(days=300), useful_until=now + timedelta(days=301)
            )
            publish(tx, chunk_of([told]), at=now)


def heard(installation: Installation, name: str, number: int) -> int:
    """How many of them have become deliveries."""
    ids = [requested(make_id(name, place), datetime.now(UTC)).message_id for place in range(number)]
    with installation.group.database("messaging").transaction() as tx:
        row = tx.execute("select count(*) from delivery where message_id = any(%s)", [ids]).fetchone()
    assert row is not None
    return int(row[0])


def test_relay_and_consumer_stop_in_the_middle_and_others_go_on(installation: Installation) -> None:
    number = 1500
    say_messages(installation, "stopped", number)
    first = [installation.start("campaigns", "relay"), installation.start("messaging", "consumer")]
    until(lambda: heard(installation, "stopped", number) > 0)
    with installation.group.database("messaging").transaction() as tx:
        tx.execute("lock table delivery in exclusive mode")  # from here on the consumer is in the midst of a set
        for role in first:
            role.process.send_signal(signal.SIGTERM)
    for role in first:
        stop(role)
    so_far = heard(installation, "stopped", number)
    assert so_far < number
    second = [installation.start("campaigns", "relay"), installation.start("messaging", "consumer")]
    until(lambda: heard(installation, "stopped", number) == number)
    duplicates = second[1].metric("guestloop_heard_messages_total", outcome="duplicate")
    assert duplicates <= number  # what the broker may have forgotten is said again after a new connection
    for role in second:
        stop(role)


class Slow(Inbox):
    """A mail server that takes its time with each mail."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(0.02)
        return await super().handle_DATA(server, session, envelope)


@contextmanager
def slow_mail() -> Iterator[Slow]:
    kept = Slow(port=free_ports(1)[0])
    server = Controller(kept, hostname="127.0.0.1", port=kept.port)
    server.start()
    try:
        yield kept
    finally:
        server.stop()


def deliver(installation: Installation, number: int, name: str = "stopping sender") -> list[UUID]:
    """So many messages that are due, as messaging would have heard of them."""
    now = datetime.now(UTC)
    hotel = Hotel(installation.group.database("messaging"))
    people = [make_id(name, place) for place in range(number)]
    with installation.group.database("messaging").transaction() as tx:
        install_shipped(tx, now)
    point = [email(hotel.keyring, f"guest{place}@example.com", PointClass.PERSONAL) for place in range(number)]
    hotel.hears(
        lisbon(code=AT_NOON, zone=midday_zone(now)),
        *(guest(who, points=[where]) for who, where in zip(people, point, strict=True)),
        at=now,
    )
    hotel.hears(*(requested(who, now) for who in people), at=now)
    return [requested(who, now).message_id for who in people]


def states(installation: Installation, messages: list[UUID]) -> Counter[str]:
    with installation.group.database("messaging").transaction() as tx:
        found = tx.execute("select state from delivery where message_id = any(%s)", [messages])
        return Counter(state for (state,) in found)


@pytest.mark.proof
def test_a_sender_gives_back_what_it_had_not_offered(installation: Installation) -> None:
    messages = deliver(installation, 600)
    with slow_mail() as mail:
        first = installation.start("messaging", "sender", by_mail(mail.port))
        until(lambda: len(mail.raw) > 20)
        claimed = states(installation, messages)["claimed"]
        stop(first)
        gone = len(mail.raw)
        assert gone < claimed < 600  # a few seconds' work had been claimed, and not all of it was offered
        assert states(installation, messages) == {"sent": gone, "queued": 600 - gone}
        second = installation.start("messaging", "sender", by_mail(mail.port))
        until(lambda: len(mail.raw) == 600)
        until(lambda: states(installation, messages) == {"sent": 600})
        stop(second)
        taken = Counter(to for recipients in mail.recipients for to in recipients)
        assert len(taken) == 600 and set(taken.values()) == {1}


def test_an_import_is_put_back_and_begun_again_by_the_next(installation: Installation, tmp_path: Path) -> None:
    export = tmp_path / "export.csv"
    write_export(export, rows=6000, from_year=2020, to_year=2024)
    with installation.group.database("segments").transaction() as tx:
        for code, zone, country in (
            ("LIS", "Europe/Lisbon", "PT"),
            ("ALG", "Europe/Lisbon", "PT"),
            ("SHA", "Asia/Shanghai", "CN"),
        ):
            tx.execute(
                """
                insert into property_known (code, version, name, zone, country, legal_entity, told_of_survey)
                values (%s, 1, 'Casa', %s, %s, 'Casa, Lda.', true) on conflict do nothing
                """,
                [code, zone, country],
            )
    hand_in_export(installation, export)
    first = installation.start("segments", "imports")
    until(lambda: file_is(installation, "running"))
    stop(first)
    assert file_is(installation, "queued", starts=0)
    second = installation.start("segments", "imports")
    until(lambda: file_is(installation, "done"))
    stop(second)


def file_is(installation: Installation, state: str, starts: int = 1) -> bool:
    query = "select state, starts from import_file order by handed_in_at desc limit 1"
    with installation.group.database("segments").transaction() as tx:
        return tx.execute(query).fetchone() == (state, starts)


@pytest.mark.parametrize(
    ("service", "role"),
    [
        ("segments", "sweep"),
        ("segments", "walk"),
        ("campaigns", "timers"),
        ("messaging", "reconcile"),
        ("messaging", "notices"),
        ("console", "relay"),
    ],
)
def test_an_idle_role_ends_at_once(installation: Installation, service: str, role: str) -> None:
    made = installation.start(service, role)
    ready(made)
    stop(made)


def test_pages_say_that_they_end_and_answer_until_then(installation: Installation) -> None:
    web = installation.start("console", "web")
    ready(web)
    answers: list[int] = []
    askers = [
        threading.Thread(target=lambda: answers.append(Role.visit(f"{web.pages}/console/ready"))) for _ in range(8)
    ]
    for asker in askers:
        asker.start()
    web.process.terminate()
    until(lambda: web.state() == (503, "it is stopping"))
    assert Role.visit(f"{web.pages}/console/health") == 200
    took = web.end(signal.SIGCONT)
    for asker in askers:
        asker.join()
    assert web.process.returncode == 0 and took < STOPPED_WITHIN
    assert answers == [200] * 8
