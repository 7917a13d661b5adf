"""E-mail through an SMTP server.

A connection is kept while there is something to send (to make one over TLS takes as long as many mails), and each mail
is a transaction of its own with one recipient, so that a refusal concerns nobody else. What an answer means depends on
where the conversation stood:

- Before the text was handed over nothing was sent, whatever happened: refused (`failed`), or never offered
  (`failed`, `again`).
- After the final dot the server has answered, or we cannot know: `unknown`. Such a mail is never sent again blindly;
  its Message-ID is the same over all attempts.
"""

from __future__ import annotations

import smtplib
from collections.abc import Sequence
from functools import cached_property

from services.messaging.channels.dkim import NO_KEYS, DomainKeys, signed
from services.messaging.channels.email.dialogue import CLOSING, Dialogue, Envelope, Refusal, SmtpSettings
from services.messaging.channels.email.mime import (
    MailSettings,
    UnsafeAddress,
    UnsafeMail,
    address,
    as_bytes,
    message_id,
    return_path,
)
from services.messaging.channels.sender import NOT_OURS, Closed, Outcome, Outgoing, cut_off, given_back, not_offered
from shared.vocabulary.mail_status import code_in, reason_of
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason


class Mail:
    """A message on its way. Its bytes are made when they are first asked for."""

    def __init__(self, message: Outgoing, settings: MailSettings, keys: DomainKeys) -> None:
        self.message, self._settings, self._keys = message, settings, keys

    @cached_property
    def text(self) -> bytes | Outcome:
        """What is handed over, or why it never can be."""
        try:
            return self._signed(as_bytes(self.message, self._settings))
        except UnsafeAddress:
            return _failed(self.message, Reason.BAD_ADDRESS)
        except UnsafeMail:
            return _failed(self.message, Reason.CONTENT)
        except Exception as error:  # whatever no mail can be made of
            return _failed(self.message, Reason.UNWRITABLE, detail=type(error).__name__)

    def _signed(self, text: bytes) -> bytes:
        """As it is, where its domain has no key."""
        key = self._keys.of(self._settings.from_address)
        if key is None:
            return text
        return signed(text, key, int(self.message.at.timestamp()), is_rewritten=bool(self._settings.tag))

    @cached_property
    def envelope(self) -> Envelope:
        """Raises UnsafeAddress."""
        return Envelope(return_path(self.message, self._settings), address(self.message.to))

    def may_go(self) -> bool:
        return isinstance(self.text, bytes) and self.message.is_ours()


class SmtpSender:
    """One connection, and the account that others are made for."""

    name, is_sandbox, ahead = "smtp", False, 1

    def __init__(self, settings: SmtpSettings, keys: DomainKeys = NO_KEYS) -> None:
        self._settings, self.keys = settings, keys
        self.connections = settings.connections
        self._server: Dialogue | None = None
        self._ahead: list[Mail] = []

    def line(self) -> SmtpSender:
        return SmtpSender(self._settings, self.keys)

    def send(self, batch: Sequence[Outgoing]) -> list[Outcome]:
        """Each mail in turn; where no connection can be had, the rest of the batch was never offered."""
        outcomes: list[Outcome] = []
        try:
            for place, message in enumerate(batch, 1):
                outcomes.append(self.one(message, batch[place : place + 2]))
                if outcomes[-1].again and self._server is None and outcomes[-1].detail != NOT_OURS:
                    break
        except BaseException:  # nobody knows where the conversation stands
            self._drop()
            raise
        rest = batch[len(outcomes) :]
        return outcomes + [not_offered(message) for message in rest]

    def rest(self) -> None:
        self._ahead = []
        if self._server is not None:
            self._server.end()
            self._server = None

    @property
    def is_open(self) -> bool:
        return self._server is not None

    def open(self) -> Closed | None:
        try:
            self._server = self._server or Dialogue(self._settings)
        except smtplib.SMTPAuthenticationError as error:
            return Closed(Reason.SET_UP, str(error.smtp_code))
        except (OSError, ValueError) as error:  # a name that is none is a ValueError
            return Closed(Reason.UNREACHABLE, type(error).__name__)
        return None

    def one(self, message: Outgoing, coming: Sequence[Outgoing] = ()) -> Outcome:
        try:
            mail, self._ahead = self._mail(message), [self._mail(other) for other in coming]
            return self._one(mail, self._ahead)
        except Exception as error:  # one mail must not end its neighbours; nobody knows where the conversation stands
            self._drop()
            return cut_off(message, type(error).__name__, message_id(message, self._settings.mail))

    def _mail(self, message: Outgoing) -> Mail:
        """As it was written ahead of its turn, or to be written."""
        return next((mail for mail in self._ahead if mail.message is message), None) or Mail(
            message, self._settings.mail, self.keys
        )

    def _one(self, mail: Mail, coming: Sequence[Mail]) -> Outcome:
        text, server = mail.text, self._server
        if isinstance(text, Outcome):
            return text
        if not (server and server.is_offered) and not mail.message.is_ours():
            return given_back(mail.message)
        outcome = self._offer(mail, text, coming)
        if outcome.again and server and self._server is None and outcome.detail != NOT_OURS:
            return self._offer(mail, text, coming)  # it tired of us, and was handed nothing or refused it
        return outcome

    def _offer(self, mail: Mail, text: bytes, coming: Sequence[Mail]) -> Outcome:
        closed, server = self.open(), self._server
        if closed or not server:
            return closed.outcome(mail.message) if closed else not_offered(mail.message)
        try:
            refusal = server.offer(mail.envelope)
        except OSError as error:
            self._drop()
            return Closed(Reason.UNREACHABLE, type(error).__name__).outcome(mail.message)
        if refusal:
            return self._refused(mail.message, refusal)
        return self._hand_over(server, mail.message, text, coming)

    def _hand_over(self, server: Dialogue, message: Outgoing, text: bytes, coming: Sequence[Mail]) -> Outcome:
        reference = message_id(message, self._settings.mail)
        then = next((mail.envelope for mail in coming[:1] if mail.may_go()), None)
        if not message.is_ours():
            self._drop()
            return given_back(message)
        try:
            server.hand_over(text, then)
            for mail in coming:
                _ = mail.text  # is made while the server works
            code, answer = server.answer()
        except OSError as error:
            self._drop()
            return cut_off(message, type(error).__name__, reference)
        if code == 250:
            return Outcome(message_id=message.message_id, state=MessageState.SENT, provider_ref=reference)
        if 400 <= code < 600:
            return self._refused(message, Refusal(code, answer, is_of_sender=False))
        self._drop()
        return cut_off(message, "no SMTP answer", reference)

    def _refused(self, message: Outgoing, refusal: Refusal) -> Outcome:
        """What a server's refusal means. Of its words only the codes are kept: they may quote the address."""
        code, words = refusal.code, refusal.words.decode("utf-8", "replace")
        enhanced, is_final = code_in(words), 500 <= code < 600
        detail = " ".join(filter(None, (str(code), enhanced)))
        if self._server and (code == CLOSING or not self._server.starts_anew()):
            self._drop()
        reason = reason_of(enhanced or str(code), words) or (Reason.CONTENT if is_final else Reason.TEMPORARY)
        if refusal.is_of_sender and reason is Reason.BAD_ADDRESS:  # ours, which says nothing of the guest's
            reason = Reason.SET_UP
        return _failed(message, reason, again=not is_final, detail=detail)

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None


def _failed(message: Outgoing, reason: Reason, *, again: bool = False, detail: str | None = None) -> Outcome:
    return Outcome(message_id=message.message_id, state=MessageState.FAILED, reason=reason, again=again, detail=detail)
