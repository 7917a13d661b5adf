"""A test of a template to one's own inbox or telephone, by the real sender: to the address that the house knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.messaging.store.sending.sent_words import SentWords
from services.messaging.store.templates import template_tests as store
from services.messaging.store.templates.template_tests import NewTest
from shared.access.audit import record
from shared.access.people import Person
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.errors import InputError, Problem
from shared.events.dictionary import chunk_of
from shared.events.messaging import TestRequested
from shared.vocabulary.channel import Channel

A_DAY, MOST_A_DAY = timedelta(days=1), 40
USEFUL_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class Written:
    """One text in one language, as a guest would get it."""

    language: str
    channel: Channel
    words: SentWords


def send_to_self(
    tx: Tx,
    key: str,
    title: str,
    version: int,
    texts: Sequence[Written],
    guest_id: UUID | None,
    *,
    by: Person,
    at: datetime,
) -> None:
    """`version` 0: of a draft; `guest_id`: as whom it is written. Who holds the colleague's address names it in a
    notice. InputError where nothing really leaves on a channel, or the day's tests are used up."""
    real = store.real_channels(tx)
    if missing := [text.channel for text in texts if text.channel not in real]:
        raise InputError(None, {"channel": Problem("nothing is really sent there", "not_real", channel=missing[0])})
    tests = [
        NewTest(
            uuid4(), by.person_id, guest_id, key, title, version, one.language, one.channel,
            one.words.sealed(tx.keyring), at,
        )
        for one in texts
    ]  # fmt: skip
    ask_for(tx, tests, by=by, at=at)
    told = {
        "version": version,
        "languages": sorted({one.language for one in texts}),
        "guest": guest_id and str(guest_id),
    }
    record(tx, by, "template.tested", f"template {key}", told, at)


def ask_for(tx: Tx, tests: Sequence[NewTest], *, by: Person, at: datetime) -> None:
    """InputError where the day's tests are used up."""
    store.lock_person(tx, by.person_id)
    if store.asked_since(tx, by.person_id, at - A_DAY) + len(tests) > MOST_A_DAY:
        raise InputError(None, {"language": Problem(f"at most {MOST_A_DAY} a day", "too_many", most=MOST_A_DAY)})
    store.keep(tx, tests)
    asked = [
        TestRequested(
            test_id=one.test_id,
            version=1,
            person_id=by.person_id,
            channel=Channel(one.channel),
            useful_until=at + USEFUL_FOR,
            occurred_at=at,
        )
        for one in tests
    ]
    publish(tx, chunk_of(asked), at=at)
