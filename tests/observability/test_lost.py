"""A broker or a database that is lost is waited for: not ready, alive, idle, and at work again by itself."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from shared.bus.outbox import publish
from shared.events.console import PropertyChanged
from shared.events.dictionary import chunk_of
from tests.observability.installation import Installation, MortalPostgres
from tests.observability.role import Role, until
from tests.rabbit import RabbitNode

WATCHED_FOR = 4.0
MOST_CPU = 0.25  # of a core
DATABASE = "The database does not answer; it is tried again by itself."
BROKER = "The message broker does not answer; it is tried again by itself."

pytestmark = pytest.mark.rabbitmq


def say_a_property(installation: Installation) -> str:
    """Console says a property anew; its code."""
    now = datetime.now(UTC)
    code = f"H{uuid4().hex[:6]}"
    said = PropertyChanged(
        code=code,
        version=1,
        name="Casa do Rio",
        zone="Europe/Lisbon",
        country="PT",
        legal_entity="Casa do Rio, Lda.",
        postal_address="Rua das Flores 1, 1200-001 Lisboa",
        contact="ola@casa.example.com",
        told_of_survey=True,
        survey_threshold=6,
        occurred_at=datetime.combine(date(2026, 1, 1), datetime.min.time(), UTC),
    )
    with installation.group.database("console").transaction() as tx:
        publish(tx, chunk_of([said]), at=now)
    return code


def has_subscriber(installation: Installation, code: str) -> bool:
    return installation.count("segments", f"select count(*) from property_known where code = '{code}'") == 1


def idle(roles: list[Role]) -> dict[str, float]:
    """The share of a core that each used while it was watched."""
    before = [role.cpu_seconds() for role in roles]
    time.sleep(WATCHED_FOR)
    return {
        f"{role.service} {role.role}": (role.cpu_seconds() - spent) / WATCHED_FOR
        for role, spent in zip(roles, before, strict=True)
    }


def waits(role: Role, *sentences: str) -> bool:
    status, state = role.state()
    return status == 503 and any(state.startswith(sentence) for sentence in sentences)


def check_that_they_wait(roles: list[Role], *sentences: str) -> None:
    for role in roles:
        until(lambda role=role: waits(role, *sentences), what=f"{role.service} {role.role}: {role.state()}")  # type: ignore[misc]
    spent = idle(roles)
    assert {name: share for name, share in spent.items() if share > MOST_CPU} == {}
    for role in roles:
        assert role.process.poll() is None
        assert role.ask("/health")[0] == 200
        assert role.metric("guestloop_ready") == 0


@pytest.fixture
def at_work(installation: Installation) -> Iterator[list[Role]]:
    """Who needs the broker: console speaks, segments hears."""
    roles = [installation.start("console", "relay"), installation.start("segments", "consumer")]
    for role in roles:
        until(lambda role=role: role.is_ready)  # type: ignore[misc]
    code = say_a_property(installation)
    until(lambda: has_subscriber(installation, code))
    yield roles


def test_a_lost_broker_is_waited_for(installation: Installation, rabbitmq: RabbitNode, at_work: list[Role]) -> None:
    time.sleep(2)  # a quorum queue younger than a second may be lost with its broker
    rabbitmq.kill()
    try:
        code = say_a_property(installation)
        check_that_they_wait(at_work, BROKER)
        assert all(role.metric("guestloop_waits_total", reason="broker") > 0 for role in at_work)
    finally:
        rabbitmq.start()
    until(lambda: has_subscriber(installation, code), what="what was said meanwhile was not heard")
    assert all(role.is_ready for role in at_work)


@pytest.mark.proof
def test_a_lost_database_is_waited_for_by_every_kind_of_role(
    installation: Installation, server: MortalPostgres, at_work: list[Role]
) -> None:
    more = [
        installation.start("messaging", "sender"),
        installation.start("campaigns", "timers"),
        installation.start("segments", "imports"),
        installation.start("console", "web"),
    ]
    for role in more:
        until(lambda role=role: role.is_ready)  # type: ignore[misc]
    server.kill()
    try:
        check_that_they_wait([*at_work, *more], DATABASE, "the database does not answer")
    finally:
        server.revive()
        installation.forget_connections()
    for role in (*at_work, *more):
        until(lambda role=role: role.is_ready, what=f"{role.service} {role.role} does not come back")  # type: ignore[misc]
    code = say_a_property(installation)
    until(lambda: has_subscriber(installation, code))
    assert Role.visit(f"{more[-1].pages}/console/ready") == 200


def test_a_role_that_starts_before_its_broker_waits_for_it(installation: Installation) -> None:
    roles = [
        installation.start(service, role, {"GUESTLOOP_BROKER": "amqp://guest:guest@127.0.0.1:1/%2F"})
        for service, role in (("console", "relay"), ("segments", "consumer"))
    ]
    check_that_they_wait(roles, BROKER)
    for role in roles:
        assert role.end() < 10
        assert role.process.returncode == 0
