"""What was said of late goes out again, for a broker that lost what it held; what is older stays as it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from guestloop.composition.seed import Setup, apply_setup
from guestloop.composition.services import SERVICES, build_group
from guestloop.operations.republish import resend_since
from shared.clock import VirtualClock
from tests.conftest import MakeDatabase

NOON = datetime(2026, 5, 5, 12, tzinfo=UTC)


def test_only_messages_since_then_are_sent_again(make_database: MakeDatabase) -> None:
    group = build_group({name: make_database(name) for name in SERVICES}, VirtualClock(NOON), {})
    console = group.database("console")
    for code, at in (("LIS", NOON - timedelta(hours=30)), ("SHA", NOON - timedelta(hours=2))):
        apply_setup(group, Setup.for_export([code], {}), at)
        with console.transaction() as tx:
            tx.execute("update outbox set published_at = %s where published_at is null", [at])
    sent = resend_since(group, NOON - timedelta(hours=24))
    with console.transaction() as tx:
        pending = tx.execute("select convert_from(body, 'utf8') from outbox where published_at is null").fetchall()
    assert sent == len(pending) == 1
    assert "SHA" in pending[0][0]
