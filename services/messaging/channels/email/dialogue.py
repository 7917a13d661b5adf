"""The SMTP dialogue over one connection: commands and answers. What an answer means is decided in `smtp`.

Where the server announces PIPELINING (RFC 2920) an envelope goes in one write, and in the same write as the text of the
mail before it: a mail costs one round trip. Elsewhere each command waits for the answer to the one before. Either way a
text goes only once «go on» was read for it, and the answers are read in turn.

A server that cannot be reached, hangs up or falls silent is an `OSError` (smtplib's own errors are). smtplib greets,
encrypts and signs in; after that answers are read here: a mail is one write, and one read takes all that has come.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from socket import IPPROTO_TCP, TCP_NODELAY, socket
from typing import Any

from services.messaging.channels.email.mime import MailSettings
from shared.outgoing.connections import resolved
from shared.outgoing.reach import Reach
from shared.settings.providers import SMTP_CONNECTIONS

SECURITIES = ("starttls", "tls", "none")
GO_ON, CLOSING = 354, 421
END = b".\r\n"  # of a text
GOODBYE = 2.0  # seconds for the answer to it, which changes nothing
TAKEN = (250, 251, 252)  # a recipient
LONGEST_ANSWER, AT_ONCE = 8192, 16_384  # bytes of one line, and that are read at a time
YES = ((250,), TAKEN, (GO_ON,))  # to an envelope's three commands

Answer = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Refusal:
    """`is_of_sender`: the answer to who sends it, not to whom it is for."""

    code: int
    words: bytes
    is_of_sender: bool


@dataclass(frozen=True, slots=True)
class Envelope:
    """Whom servers return a mail to, and whom it is for."""

    sender: str
    to: str

    @property
    def commands(self) -> tuple[str, str, str]:
        return f"MAIL FROM:<{self.sender}>", f"RCPT TO:<{self.to}>", "DATA"

    @property
    def group(self) -> bytes:
        return "".join(f"{command}\r\n" for command in self.commands).encode("ascii")


@dataclass(frozen=True)
class SmtpSettings:
    host: str
    port: int
    mail: MailSettings
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"  # of SECURITIES
    timeout: float = 30.0
    connections: int = SMTP_CONNECTIONS.default
    reach: Reach | None = None  # to which addresses it may connect; None: to any


class Dialogue:
    """`is_offered`: the envelope of the next mail is on its way, and its answers are still to be read."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._server = _connected(settings)
        self._answers_of = Answers(self._server)
        self._in_groups = self._server.has_extn("pipelining")
        self.is_offered = False

    def offer(self, envelope: Envelope) -> Refusal | None:
        """From, to, «here it comes»: the first answer that is not yes; None: go on."""
        if not self._in_groups:
            return self._one_by_one(envelope)
        if not self.is_offered:
            self._server.send(envelope.group)
        self.is_offered = False
        return self._answers()

    def hand_over(self, text: bytes, then: Envelope | None) -> None:
        """The whole text, no line of which begins with a dot, and its end. Where groups are taken, the envelope of the
        mail after it goes along."""
        end = END
        if then is not None and self._in_groups:
            end += then.group
            self.is_offered = True
        self._server.send(text + end)

    def answer(self) -> Answer:
        """To the text."""
        return self._answers_of.next()

    def starts_anew(self) -> bool:
        """Whether the next mail can be offered here: what remains of a refused one is forgotten first."""
        if self.is_offered:
            return True
        try:
            return self._told("RSET")[0] == 250
        except OSError:
            return False

    def end(self) -> None:
        with suppress(OSError):
            if self._server.sock:
                self._server.sock.settimeout(GOODBYE)
            self._told("QUIT")
        self.close()

    def close(self) -> None:
        self._server.close()

    def _told(self, command: str) -> Answer:
        self._server.send(f"{command}\r\n".encode("ascii"))
        return self._answers_of.next()

    def _one_by_one(self, envelope: Envelope) -> Refusal | None:
        for place, (command, yes) in enumerate(zip(envelope.commands, YES, strict=True)):
            code, words = self._told(command)
            if code not in yes:
                return Refusal(code, words, is_of_sender=place == 0)
        return None

    def _answers(self) -> Refusal | None:
        """To an envelope that went as a group. A refusal stands, whatever comes behind it, or does not come."""
        given: list[Answer] = []
        refused: list[Refusal] = []
        try:
            for place, yes in enumerate(YES):
                given.append(self._answers_of.next())
                if given[-1][0] not in yes:
                    refused.append(Refusal(*given[-1], is_of_sender=place == 0))
                if given[-1][0] == CLOSING:
                    break
        except OSError:
            if not refused:
                raise
        if refused and len(given) == len(YES) and given[-1][0] == GO_ON:
            self._withdraw(given[1][0] in TAKEN)
        return refused[0] if refused else None

    def _withdraw(self, has_recipient: bool) -> None:
        """It waits for a text although it refused the envelope: it gets a lone dot (RFC 2920, 3.1). Only where it took
        the recipient and refused us would that be a mail, and an empty one; what is cut off is none."""
        with suppress(OSError):
            if has_recipient:
                self._server.close()
            else:
                self._told(".")


class Answers:
    """What a server says, in turn; `OSError` where nothing more comes, or what no server says."""

    def __init__(self, server: smtplib.SMTP) -> None:
        assert server.sock is not None
        self._server, self._came = server, b""
        if server.file is None:  # smtplib's, which may hold what came with the last answer it read
            server.file = server.sock.makefile("rb")

    def next(self) -> Answer:
        """Of an answer in several lines, all of them."""
        words = []
        while True:
            line = self._line()
            if len(line) < 3 or not line[:3].isdigit():
                raise smtplib.SMTPServerDisconnected("what came is no answer")
            words.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(words)

    def _line(self) -> bytes:
        while True:
            line, end, rest = self._came.partition(b"\n")
            if end:
                self._came = rest
                return line
            if len(self._came) > LONGEST_ANSWER:
                raise smtplib.SMTPServerDisconnected("a line without an end")
            assert self._server.file is not None
            more = self._server.file.read1(AT_ONCE)
            if not more:
                raise smtplib.SMTPServerDisconnected("it hung up")
            self._came += more


def _connected(given: SmtpSettings) -> smtplib.SMTP:
    """Greeted, encrypted and signed in as the settings have it."""
    server = _called(given)
    try:
        if given.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        server.ehlo_or_helo_if_needed()
        if given.user:
            server.login(given.user, given.password)
        assert server.sock is not None
        # else a group's last piece waits for a receipt of the first
        server.sock.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
    except OSError:
        server.close()
        raise
    return server


def _called(given: SmtpSettings) -> smtplib.SMTP:
    """Raises `OSError`, also where an address of the host's may not be reached."""
    name = given.mail.host_name
    if given.security == "tls":
        trusted = ssl.create_default_context()
        return _SafeCall(given.reach, given.host, given.port, name, timeout=given.timeout, context=trusted)
    return _Call(given.reach, given.host, given.port, name, timeout=given.timeout)


class _Call(smtplib.SMTP):
    """Its host's name is resolved here, once: where one of the addresses may not be reached, none is."""

    def __init__(self, reach: Reach | None, *given: Any, **named: Any) -> None:
        self._reach = reach
        super().__init__(*given, **named)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket:
        trouble = OSError("no address")
        for address in self._addresses(host, port, timeout):
            try:
                found: socket = super()._get_socket(address, port, timeout)  # type: ignore[misc]
                return found
            except OSError as error:
                trouble = error
        raise trouble

    def _addresses(self, host: str, port: int, within: float) -> list[str]:
        if self._reach is None:
            return [host]
        found = resolved(host, port, within)
        if not all(self._reach.allows(one, host) for one in found):
            raise ConnectionRefusedError("its address is not a public one, and no administrator lists it")
        return list(map(str, found))


class _SafeCall(smtplib.SMTP_SSL, _Call):
    """Encrypted from the first byte on; the certificate is for the name."""

    def __init__(self, reach: Reach | None, *given: Any, **named: Any) -> None:
        self._reach = reach
        smtplib.SMTP_SSL.__init__(self, *given, **named)
