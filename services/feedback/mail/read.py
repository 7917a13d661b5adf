"""Bytes → what the mail is. Never raises for what a mail holds: what nothing can be made of is `UNREADABLE`."""

from __future__ import annotations

import re
from email.errors import MessageError
from email.message import Message
from email.utils import parseaddr
from hashlib import sha256
from typing import Any

from services.feedback.mail import bounces
from services.feedback.mail.automatic import is_automatic
from services.feedback.mail.kinds import Mail, MailKind
from services.feedback.mail.parts import evidence_of, header, headers, own_branches, parsed, text_of
from services.feedback.mail.quotes import own_words

LONGEST = 10 * 1024 * 1024
"""Bytes of a mail that is taken."""
MOST_WORDS = 10_000
"""Characters of a reply; the whole mail is kept beside it."""
ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To", "Cc", "Resent-To")
ANSWERED = re.compile(
    r"(?:\s*(?:re|aw|antw|sv|vs|rv|res|rif|回复|答复|回覆)\s*(?:\[\d+\])?\s*[:：])+\s*", re.IGNORECASE
)


def read_mail(raw: bytes) -> Mail:
    """What it is, by the surest sign first: complaints and returned mail by their standards, then programs by their
    marks, then returned mail of no standard; what is left is somebody's words."""
    try:
        return _read(raw)
    except (RecursionError, MessageError, ValueError, LookupError, AttributeError, TypeError):
        # the standard library's parser, over a mail made to break it
        return Mail(kind=MailKind.UNREADABLE, fingerprint=sha256(raw).hexdigest(), addressed=_head_in_clear(raw))


def _read(raw: bytes) -> Mail:
    mail = parsed(raw)
    common: dict[str, Any] = {
        "fingerprint": fingerprint(mail, raw),
        "sender": parseaddr(header(mail, "From"))[1],
        "addressed": "\n".join(value for name in ADDRESSED for value in headers(mail, name)),
    }
    if (feedback := _feedback_type(mail)) is not None:
        return Mail(kind=_complaint(feedback), evidence=evidence_of(mail), **common)
    found = bounces.returned(mail)
    if found is None and bounces.seems_returned(mail) and (bounces.names_failed(mail) or not is_automatic(mail)):
        found = bounces.returned_in_words(mail)
    if found is not None:
        kind = MailKind.BOUNCE if found.is_final else MailKind.AUTOMATIC
        return Mail(kind=kind, evidence=evidence_of(mail), reason=found.reason, code=found.code, **common)
    words = own_words(text_of(mail)) or _said_in_subject(mail)
    kind = MailKind.AUTOMATIC if is_automatic(mail) or bounces.is_of_a_server(mail) else MailKind.REPLY
    return Mail(kind=kind, text=words[:MOST_WORDS], **common)


def _said_in_subject(mail: Message) -> str:
    """A subject of the sender's own. That of a mail they answer is ours, but for a word or so written in its place."""
    subject = header(mail, "Subject")
    own = ANSWERED.sub("", subject, count=1)
    return own if own == subject or len(own.split()) == 1 else ""


def fingerprint(mail: Message, raw: bytes) -> str:
    """The same where a mail comes again, by another server or another way: what servers add stands in its head."""
    body = re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[-1].replace(b"\r\n", b"\n").strip()
    return sha256(header(mail, "Message-ID").encode("utf-8", "replace") + b"\n" + body).hexdigest()


def _feedback_type(mail: Message) -> str | None:
    """Of RFC 5965; None for what is no such report."""
    for part in own_branches(mail):
        if part.get_content_type() == "message/feedback-report":
            inner = part.get_payload()
            fields = inner[0] if isinstance(inner, list) and inner else None
            return header(fields, "Feedback-Type").lower() if isinstance(fields, Message) else ""
    return None


def _complaint(feedback: str) -> MailKind:
    """«not-spam» takes a complaint back that somebody else made; nobody complained by it."""
    if feedback in ("opt-out", "opt-out-list"):
        return MailKind.UNSUBSCRIBE
    return MailKind.AUTOMATIC if feedback in ("not-spam", "auth-failure", "other") else MailKind.COMPLAINT


def _head_in_clear(raw: bytes) -> str:
    return re.split(rb"\r?\n\r?\n", raw, maxsplit=1)[0][:20_000].decode("latin-1")
