"""Mail servers on loopback: a well-behaved one that keeps what it is sent, and one that follows a script of faults."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class Inbox:
    port: int = 0
    connections: int = 0
    recipients: list[list[str]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        parsed = [BytesParser(policy=SMTP).parsebytes(content) for content in self.raw]
        return [mail for mail in parsed if isinstance(mail, EmailMessage)]

    async def handle_EHLO(self, _: Any, session: Any, __: Any, name: str, responses: list[str]) -> list[str]:  # noqa: N802
        self.connections += 1
        session.host_name = name
        return responses

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        self.recipients.append(list(envelope.rcpt_tos))
        self.senders.append(envelope.mail_from)
        self.raw.append(bytes(envelope.content))
        return "250 OK"


@contextmanager
def inbox(**options: Any) -> Iterator[Inbox]:
    """A real SMTP server that takes everything; `options` as aiosmtpd knows them (TLS, sign-in)."""
    kept = Inbox()
    server = Controller(kept, hostname="127.0.0.1", port=_free_port(), **options)
    server.start()
    kept.port = server.port
    try:
        yield kept
    finally:
        server.stop()


Script = Callable[[str, int], str | None]


@dataclass
class Scripted:
    """Answers each command as the script says: a reply, or None to hang up without one.

    The script is given the verb (CONNECT, EHLO, MAIL, RCPT, DATA, `.`, …) and how often that verb came before.
    """

    script: Script
    port: int = 0
    heard: list[str] = field(default_factory=list)

    def answer(self, verb: str) -> str | None:
        before = self.heard.count(verb)
        self.heard.append(verb)
        return self.script(verb, before)


POLITE = {"CONNECT": "220 hello", "EHLO": "250 hello", "DATA": "354 go on", "QUIT": "221 bye"}


def otherwise(faults: dict[str, str | None]) -> Script:
    """A server that is polite but for these verbs."""
    return lambda verb, _: faults[verb] if verb in faults else POLITE.get(verb, "250 OK")


@contextmanager
def scripted(script: Script) -> Iterator[Scripted]:
    listener = socket.create_server(("127.0.0.1", 0))
    server = Scripted(script, port=listener.getsockname()[1])
    thread = threading.Thread(target=_accept, args=(listener, server), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)


def _accept(listener: socket.socket, server: Scripted) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            _converse(connection, server)


def _converse(connection: socket.socket, server: Scripted) -> None:
    lines = connection.makefile("rb")
    reply = server.answer("CONNECT")
    while reply is not None:
        connection.sendall(reply.encode() + b"\r\n")
        if reply.startswith("354"):
            while (line := lines.readline()) not in (b".\r\n", b""):
                pass
            verb = "."
        else:
            line = lines.readline()
            verb = line.split(b" ")[0].strip().decode().upper()
        if not line:
            return
        reply = server.answer(verb)
        if verb == "QUIT":
            return


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
