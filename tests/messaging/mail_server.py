"""Mail servers on loopback: a well-behaved one that keeps what it is sent, and one that follows a script of faults."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from select import select
from typing import Any

from aiosmtpd.controller import Controller

from tests.loopback import PATIENCE


@dataclass
class Inbox:
    port: int = 0
    in_groups: bool = False
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
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.in_groups else responses

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        self.recipients.append(list(envelope.rcpt_tos))
        self.senders.append(envelope.mail_from)
        self.raw.append(bytes(envelope.content))
        return "250 OK"


@contextmanager
def inbox(*, in_groups: bool = False, **options: Any) -> Iterator[Inbox]:
    """A real SMTP server that takes everything; `options` as aiosmtpd knows them (TLS, sign-in). `in_groups`: it
    announces PIPELINING."""
    kept = Inbox(in_groups=in_groups)
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
    `waited_for`: the verbs among `heard` behind which nothing had come yet when they were answered. `texts`: each text
    with the answer to it.
    """

    script: Script
    port: int = 0
    heard: list[str] = field(default_factory=list)
    waited_for: list[str] = field(default_factory=list)
    texts: list[tuple[bytes, str | None]] = field(default_factory=list)
    _one_at_a_time: Any = field(default_factory=threading.Lock, repr=False)

    def answer(self, verb: str, *, waits: bool) -> str | None:
        with self._one_at_a_time:
            before = self.heard.count(verb)
            self.heard.append(verb)
            if waits:
                self.waited_for.append(verb)
        return self.script(verb, before)


POLITE = {"CONNECT": "220 hello", "EHLO": "250 hello", "DATA": "354 go on", "QUIT": "221 bye"}
GROUPS = {"EHLO": "250-hello\r\n250 PIPELINING"}


def otherwise(faults: Mapping[str, str | None]) -> Script:
    """A server that is polite but for these verbs."""
    return lambda verb, _: faults[verb] if verb in faults else POLITE.get(verb, "250 OK")


def at(faults: Mapping[tuple[str, int], str | None], rest: Mapping[str, str | None] = GROUPS) -> Script:
    """A server that is otherwise polite, but for these verbs at their so-many-th time, from 0."""
    return lambda verb, before: faults[verb, before] if (verb, before) in faults else otherwise(rest)(verb, before)


class Lines:
    def __init__(self, connection: socket.socket) -> None:
        self._connection, self._came = connection, b""

    def next(self) -> bytes:
        """Empty where the client hung up."""
        while b"\n" not in self._came:
            more = self._connection.recv(1 << 16)
            if not more:
                return b""
            self._came += more
        line, end, self._came = self._came.partition(b"\n")
        return line + end

    def more_came(self) -> bool:
        return bool(self._came or select([self._connection], [], [], 0)[0])


@contextmanager
def scripted(script: Script) -> Iterator[Scripted]:
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    server = Scripted(script, port=listener.getsockname()[1])
    thread = threading.Thread(target=_accept, args=(listener, server), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(PATIENCE)


def _accept(listener: socket.socket, server: Scripted) -> None:
    """Several connections at once, where a client makes them."""
    threads = []
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        threads.append(threading.Thread(target=_talk, args=(connection, server), daemon=True))
        threads[-1].start()
    for thread in threads:
        thread.join(PATIENCE)


def _talk(connection: socket.socket, server: Scripted) -> None:
    with connection, suppress(OSError):  # the client may hang up on it
        _converse(connection, server)


def _converse(connection: socket.socket, server: Scripted) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    lines = Lines(connection)
    verb = "CONNECT"
    reply = server.answer(verb, waits=True)
    while reply is not None:
        connection.sendall(reply.encode() + b"\r\n")
        if verb == "QUIT":
            return
        verb, text = _heard(lines, text_comes=verb == "DATA" and reply.startswith("354"))
        if not verb:
            return
        reply = server.answer(verb, waits=not lines.more_came())
        if verb == ".":
            server.texts.append((text, reply))


def _heard(lines: Lines, *, text_comes: bool) -> tuple[str, bytes]:
    """A verb, or a text; neither where the client hung up."""
    line, text = lines.next(), b""
    if not text_comes:
        return line.split(b" ")[0].strip().decode().upper(), b""
    while line not in (b".\r\n", b""):
        text += line
        line = lines.next()
    return ("." if line else ""), text


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
