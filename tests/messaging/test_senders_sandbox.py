"""The sandbox's mailbox."""

from __future__ import annotations

import zlib

import pytest

from services.messaging.channels.sandbox import SandboxSender
from services.messaging.queries.messages import as_sent
from services.messaging.store.sending.sent_texts import seal_what_is_in_clear
from services.messaging.store.sending.sent_words import SentWords
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing, Sealed
from shared.ids import make_id
from shared.vocabulary.message import MessageState
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel
from tests.messaging.outgoing import AT, mail, text


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    return Hotel(make_database("messaging"))


def test_the_sandbox_keeps_each_message_as_it_would_have_left(make_database: MakeDatabase, keyring: KeyRing) -> None:
    database = make_database("messaging")
    outcomes = SandboxSender(database).send([mail(1), text(2)])
    assert [outcome.state for outcome in outcomes] == [MessageState.SENT] * 2
    with database.transaction() as tx:
        rows = tx.execute(
            "select message_id, channel, purpose, address_sealed, words_sealed, sent_at"
            " from sandbox_message order by channel"
        ).fetchall()
    (kept, texted) = rows
    assert kept[:3] == (mail(1).message_id, "email", "feedback")
    assert keyring.open(Sealed(kept[3]), Sealing.CONTACT) == "guest1@mail.example.com"
    assert SentWords.opened(keyring, kept[4]) == SentWords("Casa Alfama", "How was it?", mail().text, mail().html)
    assert kept[5] == AT
    words = SentWords.opened(keyring, texted[4])
    assert (texted[1], words.text, words.page) == ("sms", text(2).text, None)


def test_a_message_offered_twice_is_kept_once(make_database: MakeDatabase, keyring: KeyRing) -> None:
    database = make_database("messaging")
    sender = SandboxSender(database)
    first = sender.send([mail(1), mail(2)])
    again = sender.send([mail(2, subject="Other words"), mail(3)])
    assert first[1] == again[0]
    with database.transaction() as tx:
        kept = tx.execute("select words_sealed from sandbox_message order by message_id").fetchall()
    assert [SentWords.opened(keyring, sealed).subject for (sealed,) in kept] == ["How was it?"] * 3


def test_neither_address_nor_words_are_readable_in_the_mailbox(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    SandboxSender(database).send([mail(1)])
    with database.transaction() as tx:
        (row,) = tx.execute("select sandbox_message::text from sandbox_message").fetchall()
    for clear in ("mail.example.com", "How was it?", "Casa Alfama", mail().text[:20]):
        assert clear not in row[0]


def test_what_earlier_versions_left_in_clear_is_read_and_sealed_in_sets(hotel: Hotel) -> None:
    page = zlib.compress(b"<p>Five nights</p>")
    with hotel.database.transaction() as tx:
        for number in range(5):
            tx.execute(
                """
                insert into sandbox_message (message_id, channel, purpose, language, address_sealed, from_name,
                                             subject, body, page, sent_at)
                values (%s, 'email', 'feedback', 'en', 'sealed:k1:', 'Casa Alfama', 'How was it?', 'Five nights',
                        %s, %s)
                """,
                [make_id("message", number), page, AT],
            )
    with hotel.database.transaction() as tx:
        before = as_sent(tx, make_id("message", 4))
        assert seal_what_is_in_clear(tx, 2) == 2
    assert hotel.one("select count(*) from sandbox_message where words_sealed is null") == 3
    hotel.sender.step(AT)
    with hotel.database.transaction() as tx:
        assert as_sent(tx, make_id("message", 4)) == before
        rows = str(tx.execute("select sandbox_message::text, page from sandbox_message").fetchall())
    assert before and before.subject == "How was it?" and before.page == "<p>Five nights</p>"
    assert "How was it?" not in rows and "Casa" not in rows and "Five nights" not in rows


def test_an_empty_batch_is_nothing(make_database: MakeDatabase) -> None:
    assert SandboxSender(make_database("messaging")).send([]) == []
