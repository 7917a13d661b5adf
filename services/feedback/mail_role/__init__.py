"""The role that takes mail in beside the web: by SMTP or LMTP from a mail server, and from a mailbox by IMAP.

Either is off until its settings are there. Both hand what is ours to the same command as the web's door, and both keep
the same promise: a mail is answered for (250, or deleted in the mailbox) once it is committed here, not before. What
dies between is delivered or fetched again, and is known by what stands in it.
"""

from __future__ import annotations

from datetime import datetime

from services.feedback.config import Config
from services.feedback.mail_role.door import MailDoor
from services.feedback.mail_role.listener import Listener
from services.feedback.mail_role.mailbox import Mailbox
from services.feedback.understanding import be_ready
from shared.clock import Clock
from shared.database.pool import Database


class MailRole:
    name = "mail"

    def __init__(self, database: Database, config: Config, clock: Clock) -> None:
        self._listener = self._mailbox = None
        if config.mail_back is not None:
            door = MailDoor(database, config.mail_back, clock)
            self._listener = Listener(door, config.listen) if config.listen else None
            self._mailbox = Mailbox(database, door, config.mailbox) if config.mailbox else None

    def step(self, now: datetime) -> int:
        """How many mails of the mailbox were taken. A mail server's come in beside this, once it listens."""
        if self._listener is not None:
            self._listener.open()
            be_ready()  # the first mail need not wait for it
        return self._mailbox.read(now) if self._mailbox is not None else 0

    def next_due(self) -> datetime | None:
        """Nothing is planned: mail comes when it comes."""
        return None

    def close(self) -> None:
        if self._listener is not None:
            self._listener.close()
        if self._mailbox is not None:
            self._mailbox.close()
