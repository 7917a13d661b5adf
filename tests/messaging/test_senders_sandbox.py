"""The sandbox's mailbox."""

from __future__ import annotations

from services.messaging.channels.sandbox import SandboxSender
from services.messaging.store.sent_texts import inflated
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing, Sealed
from shared.vocabulary.message import MessageState
from tests.conftest import MakeDatabase
from tests.messaging.outgoing import AT, mail, text


def test_the_sandbox_keeps_each_message_as_it_would_have_left(make_database: MakeDatabase, keyring: KeyRing) -> None:
    database = make_database("messaging")
    outcomes = SandboxSender(database).send([mail(1), text(2)])
    assert [outcome.state for outcome in outcomes] == [MessageState.SENT] * 2
    with database.transaction() as tx:
        rows = tx.execute(
            "select message_id, channel, purpose, address_sealed, from_name, subject, body, page, sent_at"
            " from sandbox_message order by channel"
        ).fetchall()
    (kept, texted) = rows
    assert kept[:3] == (mail(1).message_id, "email", "feedback")
    assert keyring.open(Sealed(kept[3]), Sealing.CONTACT) == "guest1@mail.example.com"
    assert kept[4:7] == ("Casa Alfama", "How was it?", mail().text)
    assert inflated(kept[7]) == mail().html
    assert kept[8] == AT
    assert (texted[1], texted[6], texted[7]) == ("sms", text(2).text, None)
    assert inflated(None) is None


def test_a_message_offered_twice_is_kept_once(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    sender = SandboxSender(database)
    first = sender.send([mail(1), mail(2)])
    again = sender.send([mail(2, subject="Other words"), mail(3)])
    assert first[1] == again[0]
    with database.transaction() as tx:
        subjects = tx.execute("select subject from sandbox_message order by message_id").fetchall()
    assert subjects == [("How was it?",)] * 3


def test_no_address_is_readable_in_the_mailbox(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    SandboxSender(database).send([mail(1)])
    with database.transaction() as tx:
        (row,) = tx.execute("select sandbox_message::text from sandbox_message").fetchall()
    assert "mail.example.com" not in row[0]


def test_an_empty_batch_is_nothing(make_database: MakeDatabase) -> None:
    assert SandboxSender(make_database("messaging")).send([]) == []
