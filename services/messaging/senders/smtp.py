"""E-mail through an SMTP server.

One connection is kept while a batch lasts, and each mail is a transaction of its own with one recipient, so that a
refusal concerns nobody else. What an answer means depends on where the conversation stood:

- Before the text was handed over nothing was sent, whatever happened: refused (`failed`), or never offered
  (`failed`, `again`).
- After the final dot the server has answered, or we cannot know: `unknown`. Such a mail is never sent again blindly;
  its Message-ID is the same over all attempts.
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field

from services.messaging.senders import NOT_OURS, Outcome, OutcomeReason, OutcomeState, Outgoing
from services.messaging.senders.mime import MailSettings, UnsafeAddress, UnsafeMail, address, as_bytes, message_id

ADDRESS_CODES = re.compile(r"\b5\.1\.(1|2|3|6|10)\b|\b5\.2\.1\b")  # no such person, no such place, moved, disabled
SET_UP_CODES = re.compile(r"\b[45]\.7\.\d+\b|\b5\.1\.[78]\b")  # policy, authentication, our own address
ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
SECURITIES = ("starttls", "tls", "none")
STARTING_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True)
class SmtpSettings:
    host: str
    port: int
    mail: MailSettings
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"  # of SECURITIES
    timeout: float = 30.0


class SmtpSender:
    name = "smtp"

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._server: smtplib.SMTP | None = None

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        """Each mail in turn; where no connection can be had, the rest of the batch was never offered."""
        outcomes: list[Outcome] = []
        try:
            for message in batch:
                outcomes.append(self._one(message))
                if outcomes[-1].again and self._server is None and outcomes[-1].detail != NOT_OURS:
                    break
        finally:
            self._hang_up()
        rest = batch[len(outcomes) :]
        return outcomes + [_failed(message, OutcomeReason.UNREACHABLE, again=True) for message in rest]

    def _one(self, message: Outgoing) -> Outcome:
        try:
            to, mail = address(message.to), as_bytes(message, self._settings.mail)
        except UnsafeAddress:
            return _failed(message, OutcomeReason.BAD_ADDRESS)
        except UnsafeMail:
            return _failed(message, OutcomeReason.CONTENT)
        if not message.is_ours():
            return _not_ours(message)
        reused = self._server is not None
        outcome = self._offer(message, to, mail)
        if outcome.again and reused and self._server is None:  # it tired of us; nothing was handed over
            return self._offer(message, to, mail)
        return outcome

    def _offer(self, message: Outgoing, to: str, mail: bytes) -> Outcome:
        try:
            server = self._open()
            code, answer = self._envelope(server, to)
        except smtplib.SMTPAuthenticationError as error:
            self._drop()
            return _failed(message, OutcomeReason.SET_UP, again=True, detail=str(error.smtp_code))
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return _failed(message, OutcomeReason.UNREACHABLE, again=True, detail=type(error).__name__)
        if code != 354:
            return self._refused(message, code, answer)
        return self._hand_over(server, message, mail)

    def _envelope(self, server: smtplib.SMTP, to: str) -> tuple[int, bytes]:
        """From, to, «here it comes»: the first answer that is not yes, else 354."""
        code, answer = server.mail(self._settings.mail.envelope)
        if code == 250:
            code, answer = server.rcpt(to)
        if code in (250, 251, 252):
            code, answer = server.docmd("DATA")
        return code, answer

    def _hand_over(self, server: smtplib.SMTP, message: Outgoing, mail: bytes) -> Outcome:
        reference = message_id(message, self._settings.mail)
        if not message.is_ours():
            self._drop()
            return _not_ours(message)
        try:
            server.send(STARTING_DOT.sub(b"..", mail) + b".\r\n")
            code, answer = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._drop()
            return _cut_off(message, reference, type(error).__name__)
        if code == 250:
            return Outcome(message_id=message.message_id, state=OutcomeState.SENT, provider_ref=reference)
        if 400 <= code < 600:
            return self._refused(message, code, answer)
        self._drop()
        return _cut_off(message, reference, "no SMTP answer")

    def _refused(self, message: Outgoing, code: int, answer: bytes) -> Outcome:
        """What a server's refusal means. Of its words only the codes are kept: they may quote the address."""
        text = answer.decode("ascii", "replace")
        detail = " ".join([str(code), *ENHANCED.findall(text)[:1]])
        self._forget_transaction(code)
        if not 500 <= code < 600:
            return _failed(message, OutcomeReason.TEMPORARY, again=True, detail=detail)
        if ADDRESS_CODES.search(text):
            return _failed(message, OutcomeReason.BAD_ADDRESS, detail=detail)
        if SET_UP_CODES.search(text) or code in (530, 535):
            return _failed(message, OutcomeReason.SET_UP, detail=detail)
        return _failed(message, OutcomeReason.CONTENT, detail=detail)

    def _forget_transaction(self, code: int) -> None:
        """Ready for the next mail: a new transaction, or (421: the server hangs up) a new connection."""
        if self._server is None:
            return
        try:
            if code == 421 or self._server.rset()[0] != 250:
                self._drop()
        except (OSError, smtplib.SMTPException):
            self._drop()

    def _open(self) -> smtplib.SMTP:
        if self._server is None:
            self._server = self._connected()
            if self._settings.security == "starttls":
                self._server.starttls(context=ssl.create_default_context())
            self._server.ehlo_or_helo_if_needed()
            if self._settings.user:
                self._server.login(self._settings.user, self._settings.password)
        return self._server

    def _connected(self) -> smtplib.SMTP:
        given, name = self._settings, self._settings.mail.host_name
        if given.security == "tls":
            trusted = ssl.create_default_context()
            return smtplib.SMTP_SSL(given.host, given.port, name, timeout=given.timeout, context=trusted)
        return smtplib.SMTP(given.host, given.port, name, timeout=given.timeout)

    def _hang_up(self) -> None:
        if self._server is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._server.quit()
            self._drop()

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None


def _not_ours(message: Outgoing) -> Outcome:
    return _failed(message, OutcomeReason.UNREACHABLE, again=True, detail=NOT_OURS)


def _cut_off(message: Outgoing, reference: str, detail: str) -> Outcome:
    return Outcome(
        message_id=message.message_id,
        state=OutcomeState.UNKNOWN,
        provider_ref=reference,
        reason=OutcomeReason.CUT_OFF,
        detail=detail,
    )


def _failed(message: Outgoing, reason: OutcomeReason, *, again: bool = False, detail: str | None = None) -> Outcome:
    return Outcome(message_id=message.message_id, state=OutcomeState.FAILED, reason=reason, again=again, detail=detail)
