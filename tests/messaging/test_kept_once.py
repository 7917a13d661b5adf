"""What a message's delivery says is not kept a second time beside it, and is told as it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.messaging.channels.sender import Outcome, Outgoing
from services.messaging.personal_data import PERSONAL_DATA
from services.messaging.queries.guests.shown import address_of_message, happened
from services.messaging.queries.guests.way_out import came_from
from services.messaging.queries.messages import PAGE, Wanted, decided, decisions, message
from services.messaging.store.sending.results import WAYS
from shared.access.scope import EVERYWHERE
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing, Sealed
from shared.database.pool import Database
from shared.personal_data.guest_file.held import held_of
from shared.vocabulary.message import MessageState
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, Provider, email, guest, lisbon, survey

NIGHT, MORNING = MONDAY.replace(hour=22), MONDAY.replace(hour=9) + timedelta(days=1)


class Numbering(Provider):
    """A mail server: its number for a mail is the Message-ID."""

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        return [
            replace(one, provider_ref=f"<{one.message_id}@hotel.example>") for one in super().send(batch)
        ]  # fmt: skip


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.UNKNOWN])
def test_a_mails_number_is_shown_whole_and_kept_without_the_messages_own(
    make_database: MakeDatabase, state: MessageState
) -> None:
    hotel, asked = Hotel(make_database("messaging"), Numbering(state)), survey()
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, "ana@example.com")]), asked)
    hotel.runs()
    with hotel.database.transaction() as tx:
        shown = message(tx, asked.message_id, EVERYWHERE)
    assert shown is not None and shown["provider_ref"] == f"<{asked.message_id}@hotel.example>"
    assert hotel.one("select provider_ref from delivery") == "@hotel.example>"


def test_the_address_of_a_mail_that_went_rests_once_and_the_ledger_tells_it(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, "ana@example.com")]), survey())
    hotel.runs()
    assert [(line["state"], line["to"]) for line in hotel.lines()] == [("sent", "ana@example.com")]
    assert hotel.all("select from decision") == []


@pytest.fixture
def numbered(make_database: MakeDatabase) -> Iterator[Database]:
    """Whose keys have the names that every installation's have."""
    database = Database(make_database("messaging").dsn, service="messaging", keyring=KeyRing.parse(KeyRing.fresh()))
    with closing(database):
        yield database


def test_a_mail_that_went_keeps_no_ways_and_its_address_as_bytes_and_tells_it_everywhere(numbered: Database) -> None:
    hotel, asked = Hotel(numbered), survey()
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, "ana@example.com")]), asked)
    hotel.runs()
    ways = ", ".join(WAYS)
    assert hotel.all(f'select get_byte(address_boxed, 0), address_sealed, "values", {ways} from delivery') == [
        (1, None, None, *[None] * len(WAYS))
    ]
    assert [(line["state"], line["to"]) for line in hotel.lines()] == [("sent", "ana@example.com")]
    with numbered.transaction() as tx:
        shown, came = message(tx, asked.message_id, EVERYWHERE), came_from(tx, asked.message_id)
        told = [
            shown and shown["address_sealed"],
            address_of_message(tx, asked.message_id),
            came and came.address_sealed,
        ]
        assert [one and hotel.keyring.open(Sealed(one), Sealing.CONTACT) for one in told] == ["ana@example.com"] * 3
        (held,) = [one for one in held_of(tx, PERSONAL_DATA, [asked.guest_id]) if one.title == "Messages"]
    assert [row[held.labels.index("To")] for row in held.rows] == ["ana@example.com"]


def test_a_mail_that_did_not_go_keeps_its_ways(numbered: Database) -> None:
    hotel = Hotel(numbered, Provider(MessageState.UNKNOWN))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, "ana@example.com")]), survey())
    hotel.runs()
    whole = "num_nulls(address_sealed, channels, priority, useful_until, wants, holdout, next_at, claimer)"
    assert hotel.all(f"select state, {whole}, address_boxed from delivery") == [("unknown", 0, None)]


def test_a_mail_that_waited_and_went_is_on_the_page_once_and_tells_both(make_database: MakeDatabase) -> None:
    hotel, asked = Hotel(make_database("messaging")), survey(due_at=NIGHT)
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, "ana@example.com")]), asked)
    hotel.runs(NIGHT)
    hotel.runs(MORNING)
    with hotel.database.transaction() as tx:
        (line,) = decided(tx, Wanted(scope=EVERYWHERE))
        assert (line.state, line.at) == ("sent", MORNING)
        assert [(one.state, one.at) for one in decisions(tx, line.message_id)] == [("held", NIGHT), ("sent", MORNING)]
        assert [one["state"] for one in happened(tx, line.guest_id, EVERYWHERE)] == ["sent", "held"]


def test_many_mails_of_one_instant_are_paged_through_each_once(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, "ana@example.com")]))
    hotel.hears(survey())
    hotel.runs()
    with hotel.database.transaction() as tx:
        tx.execute(MANY)
        seen: list[UUID] = []
        after = None
        while page := decided(tx, Wanted(scope=EVERYWHERE, after=after))[:PAGE]:
            seen += [line.message_id for line in page]
            after = (page[-1].at, page[-1].seq)
    assert len(seen) == len(set(seen)) == 1 + 2 * PAGE


MANY = f"""
    create temporary table more as
        select delivery.* from delivery, generate_series(1, {2 * PAGE});
    update more set message_id = gen_random_uuid();
    insert into delivery select * from more
"""


def test_of_two_addresses_each_decision_tells_its_own(make_database: MakeDatabase) -> None:
    """What did not go by the first address goes by the second: the line of the first still names the first."""
    provider = Provider(MessageState.UNKNOWN)
    hotel, asked = Hotel(make_database("messaging"), provider), survey()
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, "ana@example.com")]), asked)
    hotel.runs()
    hotel.hears(guest(version=2, points=[email(hotel.keyring, "silva@example.com")]))
    with hotel.database.transaction() as tx:
        tx.execute("update delivery set state = 'queued', claim_token = null, claimed_at = null, lease_until = null")
    provider.answer = MessageState.SENT
    hotel.runs(MONDAY)
    assert [(line["state"], line["to"]) for line in hotel.lines()] == [
        ("unknown", "ana@example.com"),
        ("sent", "silva@example.com"),
    ]
