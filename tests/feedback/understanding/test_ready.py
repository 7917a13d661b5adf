"""What the first text waits for is done once, before a transaction is opened, however many come at once."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from services.feedback.config import Config, ListenSettings
from services.feedback.mail_role import MailRole
from services.feedback.mail_role.door import MailDoor
from services.feedback.understanding import be_ready, feelings, ready, vocabulary
from shared.clock import VirtualClock
from shared.crypto.mail_addresses import BackSigner
from shared.database.pool import Database
from shared.ids import make_id
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.feedback.test_mail import BACK
from tests.mail.mails import reply


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Which folders of words were read; none is known yet."""
    found: list[str] = []

    def reads(folder: Path) -> Any:
        found.append(folder.name)
        return real(folder)

    real = vocabulary.files_in
    for module in (vocabulary, feelings):
        monkeypatch.setattr(module, "files_in", reads)
    for known in (vocabulary.languages, vocabulary.vocabulary, feelings._files, ready._read_the_words):
        known.cache_clear()
    return found


def test_of_many_who_come_at_once_one_reads_the_words(read: list[str]) -> None:
    threads = [threading.Thread(target=be_ready) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read) == ["feelings", "languages"]


def test_a_role_that_listens_has_read_them_before_the_first_mail(make_database: MakeDatabase, read: list[str]) -> None:
    config = Config(mail_back=BACK, listen=ListenSettings("127.0.0.1", 0))
    with closing(MailRole(make_database("feedback"), config, VirtualClock(NOW))) as role:
        role.step(NOW)
    assert sorted(read) == ["feelings", "languages"]


def test_no_connection_is_held_while_they_are_read(
    make_database: MakeDatabase, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    database, at_the_first = make_database("feedback"), list[list[str]]()
    opens = Database.transaction

    def noting(self: Database) -> Any:
        at_the_first.append(list(read))
        return opens(self)

    monkeypatch.setattr(Database, "transaction", noting)
    to = BACK.of(BackSigner(database.keyring).tokens(make_id("message", "survey")).reply)
    MailDoor(database, BACK, VirtualClock(NOW)).take(reply("9"), [to], "smtp")
    assert sorted(at_the_first[0]) == ["feelings", "languages"]
