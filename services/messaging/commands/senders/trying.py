"""A test of one sender, to the address that the house knows of whoever asks: the exception to the sandbox."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from services.messaging.commands.templates.own_tests import ask_for
from services.messaging.config import Config
from services.messaging.rules.senders import HouseSender
from services.messaging.store.sending.sent_words import SentWords
from services.messaging.store.templates.template_tests import NewTest
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import InputError, Problem


def try_sender(
    tx: Tx, config: Config, sender: HouseSender, words: SentWords, language: str, *, by: Person, at: datetime
) -> None:
    """It goes also while the house is in the sandbox: by it a sender shows that it works. `InputError` where the
    environment keeps the channel in the sandbox, or the day's tests are used up."""
    if sender.channel in config.sandboxed and sender.channel not in config.open_channels:
        raise InputError(None, {"channel": Problem("the environment keeps it in the sandbox", "kept_back")})
    test = NewTest(
        uuid4(), by.person_id, None, f"sender:{sender.sender_id}", sender.name, 0, language, sender.channel,
        words.sealed(tx.keyring), at, sender.sender_id, sender.version,
    )  # fmt: skip
    ask_for(tx, [test], by=by, at=at)
    record(tx, by, "sender.tested", f"sender {sender.sender_id}", {"name": sender.name}, at)
