"""Fifty senders race for one guest: her cap holds, and each of her messages comes to one end."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

from services.messaging.config import Config
from services.messaging.sender_role import SenderRole
from tests.cast import ANA
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, birthday, email, guest, lisbon

SENDERS, MESSAGES = 50, 15


def test_fifty_senders_racing_for_one_guest_never_pass_her_cap(make_database: MakeDatabase) -> None:
    """Each sender takes one message at a time, each message comes due at an instant of its own."""
    hotel = Hotel(make_database("messaging"), config=Config(batch=1, cap_contacts=2))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, "ana@example.com")]))
    due = [MONDAY + timedelta(minutes=number) for number in range(MESSAGES)]
    hotel.hears(*(birthday(ANA, plan=number + 1, due_at=at) for number, at in enumerate(due)))
    senders = [hotel.another_sender() for _ in range(SENDERS)]
    together = Barrier(SENDERS)

    def race(sender: SenderRole) -> None:
        sender.step(MONDAY - timedelta(hours=1))  # connected, and nothing is due
        together.wait()
        for at in due:
            sender.step(at)

    with ThreadPoolExecutor(SENDERS) as threads:
        list(threads.map(race, senders))
    hotel.runs(due[-1])
    for sender in senders:
        sender.close()
    outcomes = hotel.outcomes()
    assert outcomes.count(("sent", None)) == len(hotel.provider.taken) == 2  # type: ignore[attr-defined]
    assert len(outcomes) == MESSAGES
    assert hotel.contacts() == 2
