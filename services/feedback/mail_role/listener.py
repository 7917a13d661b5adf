"""Takes mail from a mail server, by LMTP or SMTP.

A mail has one recipient here: the next one is asked to wait (452), so that each gets an answer of its own, which LMTP
wants and SMTP cannot give. Whoever is no recipient of ours is refused in the same words, forged or foreign.
"""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import structlog

from services.feedback.commands.receive_mail import Taken
from services.feedback.config import ListenSettings
from services.feedback.mail.read import LONGEST
from services.feedback.mail_role.door import MailDoor
from shared.errors import DatabaseUnavailable, SettingError

NOBODY = "550 5.1.1 No such recipient here"
ONE_AT_A_TIME = "452 4.5.3 One recipient a mail"
KEPT, LATER = "250 2.0.0 Kept", "451 4.3.0 Not now, please try again"
AT_ONCE = 2  # as many as this role has connections to its database
SILENT_FOR = 120.0  # seconds

log = structlog.get_logger()


class Listener:
    """A loop of its own in a thread of its own; the conversations' work is done in a few others."""

    def __init__(self, door: MailDoor, settings: ListenSettings) -> None:
        self._door, self._settings = door, settings
        self._loop: asyncio.AbstractEventLoop | None = None
        self._threads = ThreadPoolExecutor(AT_ONCE, "mail")
        self.port = settings.port

    def open(self) -> None:
        """Raises `SettingError` where the address cannot be listened on."""
        if self._loop is not None:
            return
        loop = asyncio.new_event_loop()
        try:
            server = loop.run_until_complete(
                loop.create_server(lambda: self._session(loop), self._settings.host, self._settings.port)
            )
        except OSError as error:
            loop.close()
            raise SettingError(f"GUESTLOOP_MAIL_LISTEN cannot be listened on ({error.strerror})") from error
        self.port = server.sockets[0].getsockname()[1]
        self._loop = loop
        threading.Thread(target=self._run, args=(loop, server), name="mail listener", daemon=True).start()
        log.info("takes mail", protocol=self._settings.protocol)

    def close(self) -> None:
        """What is being received is received to its end; its server may not hear of it, and hands it over again."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._loop = None
        self._threads.shutdown()

    @staticmethod
    def _run(loop: asyncio.AbstractEventLoop, server: asyncio.AbstractServer) -> None:
        loop.run_forever()
        server.close()
        loop.close()

    def _session(self, loop: asyncio.AbstractEventLoop) -> Any:
        from aiosmtpd.lmtp import LMTP  # only this role carries it
        from aiosmtpd.smtp import SMTP

        protocol = LMTP if self._settings.protocol == "lmtp" else SMTP
        return protocol(
            Conversation(self._door, self._threads),
            data_size_limit=LONGEST,
            enable_SMTPUTF8=True,
            hostname="guestloop",
            ident="Guestloop",
            timeout=SILENT_FOR,
            loop=loop,
        )


class Conversation:
    """What aiosmtpd asks in the course of a session."""

    def __init__(self, door: MailDoor, threads: ThreadPoolExecutor) -> None:
        self._door, self._threads = door, threads

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, ___: Any) -> str:  # noqa: N802
        if envelope.rcpt_tos:
            return ONE_AT_A_TIME
        if not self._door.may_come_to(address):
            return NOBODY
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Recipient ok"

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        loop = asyncio.get_running_loop()
        raw = envelope.original_content or b""
        return await loop.run_in_executor(self._threads, self._answer, bytes(raw), list(envelope.rcpt_tos))

    def _answer(self, raw: bytes, recipients: list[str]) -> str:
        try:
            taken = self._door.take(raw, recipients, "smtp")
        except (psycopg.OperationalError, DatabaseUnavailable):
            return LATER
        except Exception as error:  # one mail must not end the session; its server keeps it, and tries again
            log.error("a mail cannot be received", error=type(error).__name__)
            return LATER
        return NOBODY if taken is Taken.REFUSED else KEPT
