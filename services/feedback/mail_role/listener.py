"""Takes mail from a mail server, by LMTP or SMTP.

A mail has one recipient here: the next one is asked to wait (452), so that each gets an answer of its own, which LMTP
wants and SMTP cannot give. Whoever is no recipient of ours is refused in the same words, forged or foreign.
"""

from __future__ import annotations

import asyncio
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
    def __init__(self, door: MailDoor, settings: ListenSettings) -> None:
        self._door, self._settings = door, settings
        self._server: Any = None
        self.threads = ThreadPoolExecutor(AT_ONCE, "mail")

    @property
    def port(self) -> int:
        """Where it listens."""
        found: int = self._server.server.sockets[0].getsockname()[1]
        return found

    def open(self) -> None:
        """Raises `SettingError` where the address cannot be listened on."""
        if self._server is not None:
            return
        from aiosmtpd.controller import Controller  # only this role carries it
        from aiosmtpd.lmtp import LMTP
        from aiosmtpd.smtp import SMTP

        protocol = LMTP if self._settings.protocol == "lmtp" else SMTP

        class Opened(Controller):  # type: ignore[misc]
            def factory(self) -> Any:
                return protocol(self.handler, **self.SMTP_kwargs)

            def _trigger_server(self) -> None:
                """It need not be called once to know that it works; its address may not be reached from here."""

        server = Opened(
            Conversation(self._door, self.threads),
            hostname=self._settings.host,
            port=self._settings.port,
            data_size_limit=LONGEST,
            timeout=SILENT_FOR,
            ident="Guestloop",
            server_hostname="guestloop",
        )
        try:
            server.start()
        except (OSError, TimeoutError) as error:
            raise SettingError(f"GUESTLOOP_MAIL_LISTEN: {type(error).__name__}, nothing listens there") from error
        self._server = server
        log.info("takes mail", protocol=self._settings.protocol)

    def close(self) -> None:
        if self._server is not None:
            self._server.stop()
            self._server = None
        self.threads.shutdown()


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
