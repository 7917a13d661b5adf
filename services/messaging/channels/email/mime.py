"""An e-mail as bytes. Python's own message class builds some 500 a second; joining flat headers, tens of thousands.

In exchange this module guards what the library would: no value with a line break or a NUL becomes a header, no line is
longer than mail servers take, none begins with a dot (which would have to be doubled, or else end the mail), nothing
but ASCII leaves (bodies in quoted-printable or base64, headers in RFC 2047).
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import astuple, dataclass
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from uuid import UUID

from services.messaging.channels.email.packing import bodies
from services.messaging.channels.sender import Outgoing
from shared.contact_points.emails import ascii_email
from shared.crypto.mail_addresses import BackAddress, BackSigner, BackTokens
from shared.errors import GuestloopError

UNSAFE = re.compile(r"[\r\n\0]")
ADDRESS = re.compile(r"[!-;=?-~]{1,64}@[A-Za-z0-9.-]{1,255}")  # ASCII, no blank, no angle
MESSAGE_ID = re.compile(r"<[!-;=?-~]{3,250}>")
PLAIN = re.compile(r"[ -~]{1,200}")
WORD = 39  # bytes of text an encoded word holds: with «Subject: » before it a line stays within 76 characters


class UnsafeMail(GuestloopError):
    """This mail holds something that cannot stand in a mail's header."""


class UnsafeAddress(UnsafeMail):
    """This is no address that a server without SMTPUTF8 takes."""


@dataclass(frozen=True)
class MailSettings:
    """From whom mail comes. `bounces`: the address that servers answer to; the from-address where none is given.

    `back`: where mail comes back to this installation; a message that has tokens for it uses neither `bounces` nor
    `reply_to`. `tag`: the beginning of a header in which a provider wants our name of a message, to tell it back to us.
    """

    from_address: str
    host_name: str  # of Message-ID
    reply_to: str = ""
    bounces: str = ""
    back: BackAddress | None = None
    tag: str = ""

    @property
    def envelope(self) -> str:
        return self.bounces or self.from_address


def as_bytes(message: Outgoing, settings: MailSettings) -> bytes:
    """The whole mail, lines ending in CRLF. The same message gives the same bytes: a retry is recognised by its id."""
    back = ways_back(message, settings)
    head = [
        _always(settings, message.from_name, message.reply_to or ("" if back else settings.reply_to)),
        *([] if message.is_by_hand else ["Auto-Submitted: auto-generated"]),
        *_continues(message.in_reply_to),
        *([f"Reply-To: <{back.reply}>"] if back and not message.reply_to else []),
        f"To: <{address(message.to)}>",
        f"Subject: {_encoded(message.subject)}",
        f"Date: {_date(message.at)}",
        f"Message-ID: {message_id(message, settings)}",
        f"Content-Language: {_safe(message.language)}",
        *([f"{settings.tag}{message.reference}"] if settings.tag else []),
    ]
    if message.unsubscribe_url:
        by_mail = f", <mailto:{back.unsubscribe}?subject=unsubscribe>" if back else ""
        head.append(f"List-Unsubscribe: <{_link(message.unsubscribe_url)}>{by_mail}")
        head.append("List-Unsubscribe-Post: List-Unsubscribe=One-Click")
    return "\r\n".join(head).encode("ascii") + b"\r\n" + bodies(message)


def return_path(message: Outgoing, settings: MailSettings) -> str:
    """Where servers return this mail: of a message its own signed address, so that a bounce names it."""
    back = ways_back(message, settings)
    return back.returned if back else settings.envelope


def ways_back(message: Outgoing, settings: MailSettings) -> BackTokens | None:
    """The signed addresses of this message; None where mail does not come back to this installation."""
    if settings.back is None or message.back is None:
        return None
    return _ways_back(settings.back, message.back, message.message_id)


@lru_cache(maxsize=64)
def _ways_back(back: BackAddress, signer: BackSigner, message_id: UUID) -> BackTokens:
    """Asked for by the envelope and by the head of the same mail."""
    return BackTokens(*map(back.of, astuple(signer.tokens(message_id))))


def message_id(message: Outgoing, settings: MailSettings) -> str:
    """Stable over retries: the reference by which a bounce or a reply finds its message."""
    return f"<{message.reference}@{_safe(settings.host_name)}>"


def address(text: str) -> str:
    """The address as a server without SMTPUTF8 takes it, an international domain in punycode; or UnsafeAddress."""
    found = ascii_email(text)
    if not ADDRESS.fullmatch(found):
        raise UnsafeAddress()
    return found


@lru_cache(maxsize=256)
def _always(settings: MailSettings, from_name: str, reply_to: str) -> str:
    """The headers that are the same for a whole campaign."""
    sender = f"{_quoted(from_name)} <{address(settings.from_address)}>".lstrip()
    head = [f"From: {sender}", "MIME-Version: 1.0"]
    return "\r\n".join([*head, f"Reply-To: <{address(reply_to)}>"] if reply_to else head)


def _continues(in_reply_to: str | None) -> list[str]:
    """So that a mail program shows the answer below the question; what is no Message-ID is left out."""
    if not in_reply_to or not MESSAGE_ID.fullmatch(in_reply_to):
        return []
    return [f"In-Reply-To: {in_reply_to}", f"References: {in_reply_to}"]


@lru_cache(maxsize=64)
def _date(at: datetime) -> str:
    return format_datetime(at)


def _quoted(name: str) -> str:
    if PLAIN.fullmatch(name):
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return _encoded(name)


def _encoded(text: str) -> str:
    """Unstructured text: as it is where it is short ASCII, else in encoded words, each of whole characters."""
    _safe(text)
    if PLAIN.fullmatch(text) and "=?" not in text:
        return text
    words, word = [], b""
    for character in text:
        more = character.encode()
        if len(word) + len(more) > WORD:
            words.append(word)
            word = b""
        word += more
    return "\r\n ".join(f"=?utf-8?B?{b64encode(part).decode()}?=" for part in (*words, word) if part)


def _link(url: str) -> str:
    if not re.fullmatch(r"https?://[!-;=?-~]{1,900}", url):
        raise UnsafeMail("the way out of this mail is no link")
    return url


def _safe(text: str) -> str:
    if UNSAFE.search(text):
        raise UnsafeMail()
    return text
