"""What the demo group holds that a test wants to look at."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID, uuid4

from guestloop.operations.connect import connect
from services.feedback.commands.receive_reply import Reply, receive_reply
from shared.clock import SystemClock
from shared.crypto.signing import LinkSigner
from shared.embedded.home import Home
from shared.vocabulary.channel import Channel

UNANSWERED = """
    select message_id, guest_id
    from message_known known
    join guest_known guest using (guest_id)
    where purpose = 'feedback' and property = 'LIS' and channel = 'email' and not guest.gone
      and not exists (select from survey_answer answer where answer.message_id = known.message_id)
    order by sent_at desc, message_id
"""
ANSWERED = "select guest_id from survey_answer"
LATELY_REFUSED = """
    select guest_id from delivery
    where state = 'skipped' and reason = 'no_consent'
    group by guest_id
    order by max(changed_at) desc, guest_id
"""
WITH_A_NUMBER = """
    select numbers[1] from guest_known as guest
    where home_property = 'LIS' and not gone and cardinality(numbers) = 1
      and not exists (select from guest_known as other
                      where other.numbers && guest.numbers and other.guest_id <> guest.guest_id)
    order by guest_id limit 1 offset %s
"""
OFFERS = """
    select message_id, guest_id from delivery
    where purpose = 'marketing' and state = 'sent' and channel = 'email'
    order by message_id
"""
REFUSED = """
    select guest_id from delivery
    where state = 'skipped' and reason = 'no_consent'
    group by guest_id
    order by guest_id
"""


@dataclass(frozen=True)
class Link:
    """A guest's own link to a page of hers."""

    guest_id: UUID
    path: str


def unanswered_surveys(home: Path) -> list[Link]:
    """Surveys of the house in Lisbon, the latest first."""
    return _links(home, "feedback", UNANSWERED, "survey", "/feedback/survey")


def ways_out(home: Path) -> list[Link]:
    """The way out of each offer that was sent by e-mail."""
    return _links(home, "messaging", OFFERS, "unsubscribe", "/messaging/way-out")


def told_guest(home: Path) -> UUID:
    """A guest to whom an offer was refused for want of consent; best of all one who answered a survey."""
    refused = [row[0] for row in asked(home, "messaging", LATELY_REFUSED)]
    answered = {row[0] for row in asked(home, "feedback", ANSWERED)}
    return next((guest for guest in refused if guest in answered), refused[0])


def refused_guests(home: Path) -> list[UUID]:
    """Guests who were not written to, since they never agreed."""
    return [row[0] for row in asked(home, "messaging", REFUSED)]


def published(home: Path, journey: str) -> dict[str, Any]:
    """The newest published document of a journey."""
    with (
        connect({"GUESTLOOP_HOME": str(home)}, SystemClock()) as found,
        found.group.database("campaigns").transaction() as tx,
    ):
        newest = "select document from journey_version where journey = %s order by version desc limit 1"
        row = tx.execute(newest, [journey]).fetchone()
    assert row is not None, f"{journey} was never published"
    document: dict[str, Any] = row[0]
    return document


def text_message(home: Path, words: str, *, place: int = 0) -> None:
    """A guest of the house in Lisbon writes it: each `place` another one."""
    with (
        connect({"GUESTLOOP_HOME": str(home)}, SystemClock()) as found,
        found.group.database("feedback").transaction() as tx,
    ):
        row = tx.execute(WITH_A_NUMBER, [place]).fetchone()
        assert row is not None, "nobody in Lisbon has a number of their own"
        reply = Reply(ref=str(uuid4()), channel=Channel.SMS, point=row[0], text=words)
        receive_reply(tx, reply, SystemClock().now())


def asked(home: Path, service: str, statement: LiteralString) -> list[tuple[UUID, ...]]:
    with (
        connect({"GUESTLOOP_HOME": str(home)}, SystemClock()) as found,
        found.group.database(service).transaction() as tx,
    ):
        return tx.execute(statement).fetchall()


@contextmanager
def speechless_feedback(home: Path) -> Iterator[None]:
    """Meanwhile feedback takes requests and answers none: its tables are held."""
    with (
        connect({"GUESTLOOP_HOME": str(home)}, SystemClock()) as found,
        found.group.database("feedback").transaction() as tx,
    ):
        tx.execute("lock table guest_known, message_known, survey_answer, care_case in access exclusive mode")
        yield


def _links(home: Path, service: str, statement: LiteralString, purpose: str, page: str) -> list[Link]:
    signer = LinkSigner.of(Home(home).keyring())
    return [
        Link(guest, f"{page}/{signer.sign(purpose, message)}") for message, guest in asked(home, service, statement)
    ]
