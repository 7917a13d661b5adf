"""Takes mail from a mailbox, by IMAP.

1. What came since the last number is fetched, one mail at a time, without marking it as read.
2. What is ours is received in a transaction of its own, and then deleted in the mailbox. What is not ours or cannot be
   received stays there as it was: the mailbox may be somebody's. Of a mail that is too long the beginning is received,
   where its words stand, and it stays there for the rest of it.
3. How far it was read is written down.

A crash before 2 committed fetches the mail again; one after it fetches it again too, finds it known, and deletes it.
Where the mailbox was made anew (another UIDVALIDITY) it is read from its start, and what is known changes nothing.
"""

from __future__ import annotations

import logging
import ssl
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import psycopg
import structlog

from services.feedback.commands.receive_mail import Taken
from services.feedback.config import MailboxSettings
from services.feedback.mail.read import LONGEST
from services.feedback.mail_role.door import MailDoor
from services.feedback.store.mails import move_on, position
from shared.database.dedicated_connection import is_passing
from shared.database.pool import Database
from shared.telemetry.metrics import WAITS

EVERY, AFTER_TROUBLE = timedelta(seconds=15), timedelta(minutes=1)
AFTER_REFUSAL = timedelta(minutes=15)  # a wrong password that is tried too often locks the mailbox
ANSWERS_WITHIN = 30.0  # seconds
MOST = 200  # mails a step

log = structlog.get_logger()


class Mailbox:
    def __init__(self, database: Database, door: MailDoor, settings: MailboxSettings) -> None:
        self._database, self._door, self._settings = database, door, settings
        self._client: Any = None
        self._due: datetime | None = None
        logging.getLogger("imapclient").setLevel(logging.WARNING)  # it would log what is said, the password too

    def read(self, now: datetime) -> int:
        """How many mails were taken; none where it is not time yet. A mailbox that does not answer is asked again."""
        if self._due is not None and now < self._due:
            return 0
        from imapclient.exceptions import IMAPClientError, LoginError  # only this role carries it

        try:
            taken, is_more = self._read()
        except (IMAPClientError, OSError) as error:
            self.close()
            self._due = now + (AFTER_REFUSAL if isinstance(error, LoginError) else AFTER_TROUBLE)
            WAITS.labels(self._database.service, "mail", "mailbox").inc()
            log.warning("the mailbox does not answer", error=type(error).__name__)
            return 0
        self._due = now if is_more else now + EVERY
        return taken

    def close(self) -> None:
        if self._client is not None:
            with suppress(Exception):  # whatever a broken connection says to a goodbye
                self._client.logout()
            self._client = None

    def _read(self) -> tuple[int, bool]:
        client = self._connected()
        validity = int(client.select_folder(self._settings.folder).get(b"UIDVALIDITY", 0))
        with self._database.transaction() as tx:
            known = position(tx, self._settings.mailbox)
        last = known[1] if known and known[0] == validity else 0
        # «n:*» holds the last mail even where its number is below n
        fresh = sorted(uid for uid in client.search(["UID", f"{last + 1}:*"]) if uid > last)
        taken = sum(self._take(client, validity, uid) for uid in fresh[:MOST])
        return taken, len(fresh) > MOST

    def _take(self, client: Any, validity: int, uid: int) -> int:
        raw, is_whole = self._fetched(client, uid)
        outcome = self._received(raw) if raw is not None else Taken.REFUSED
        if outcome is not Taken.REFUSED and is_whole:
            client.add_flags([uid], [rb"\Deleted"], silent=True)
            if client.has_capability("UIDPLUS"):
                client.uid_expunge([uid])
        with self._database.transaction() as tx:
            move_on(tx, self._settings.mailbox, validity, uid)
        return int(outcome is Taken.NEW)

    def _fetched(self, client: Any, uid: int) -> tuple[bytes | None, bool]:
        """As much of it as is taken, and whether that is all of it; None where it is gone meanwhile."""
        size = client.fetch([uid], ["RFC822.SIZE"]).get(uid, {}).get(b"RFC822.SIZE", 0)
        is_whole = size <= LONGEST
        asked, answered = ("BODY.PEEK[]", b"BODY[]") if is_whole else (f"BODY.PEEK[]<0.{LONGEST}>", b"BODY[]<0>")
        raw = client.fetch([uid], [asked]).get(uid, {}).get(answered)
        return (bytes(raw) if raw else None), is_whole

    def _received(self, raw: bytes) -> Taken:
        try:
            return self._door.take(raw, (), "imap")
        except Exception as error:  # one mail must not keep those behind it; it stays in the mailbox
            if is_passing(error) or isinstance(error, psycopg.OperationalError):
                raise
            log.error("a mail cannot be received and stays in the mailbox", error=type(error).__name__)
            return Taken.REFUSED

    def _connected(self) -> Any:
        if self._client is None:
            from imapclient import IMAPClient

            given = self._settings
            trusted = ssl.create_default_context()
            is_tls = given.security == "tls"
            client = IMAPClient(
                given.host, given.port, ssl=is_tls, ssl_context=trusted if is_tls else None, timeout=ANSWERS_WITHIN
            )
            if given.security == "starttls":
                client.starttls(trusted)
            client.login(given.user, given.password)
            self._client = client
        return self._client
