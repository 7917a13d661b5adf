"""The parts of a mail, whatever was done to them on the way: headers and texts are read as well as they can be."""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import Message

from services.feedback.mail.html import text_of_html

MOST_PARTS, LONGEST_TEXT, LONGEST_EVIDENCE = 200, 60_000, 60_000
MOST_BYTES = 4 * LONGEST_TEXT
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "ks_c_5601-1987": "cp949", "iso-8859-1": "cp1252", "us-ascii": "utf-8"}
ORIGINALS = ("message/rfc822", "text/rfc822-headers", "message/rfc822-headers", "message/global")


def parsed(raw: bytes) -> Message:
    """Raises RecursionError for a mail that is nested without end."""
    return message_from_bytes(raw, policy=policy.compat32)


def parts_of(mail: Message) -> Iterator[Message]:
    """All of them, the mail itself first, at most `MOST_PARTS`."""
    for number, part in enumerate(mail.walk()):
        if number >= MOST_PARTS:
            return
        yield part


def header(mail: Message, name: str) -> str:
    """The first header of that name in one line, decoded; what cannot be decoded as it stands."""
    return next(iter(headers(mail, name)), "")


def headers(mail: Message, name: str) -> list[str]:
    """All of that name. Some servers write them in bytes that no standard allows there."""
    found = (str(value) for key, value in mail.raw_items() if key.lower() == name.lower())
    return [decoded(value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")) for value in found]


def decoded(value: str) -> str:
    try:
        pieces = [
            piece if isinstance(piece, str) else _as_text(piece, charset or "utf-8")
            for piece, charset in decode_header(value)
        ]
    except (MessageError, ValueError):
        pieces = [value]
    return " ".join("".join(pieces).split())


def text_of(mail: Message) -> str:
    """The words of a mail: its plain text, else that of its HTML. Attachments and carried mails are none."""
    plain: list[str] = []
    pages: list[str] = []
    for part in _own_parts(mail):
        if part.get_content_disposition() == "attachment":
            continue
        if part.get_content_type() == "text/plain":
            plain.append(content_of(part))
        elif part.get_content_type() == "text/html":
            pages.append(content_of(part))
    words = "\n".join(plain).strip()
    return words or "\n".join(map(text_of_html, pages)).strip()


def own_branches(mail: Message) -> Iterator[Message]:
    """The mail and its parts, without what stands inside mails that it carries."""
    waiting, seen = [mail], 0
    while waiting and seen < MOST_PARTS:
        part, seen = waiting.pop(0), seen + 1
        if part is not mail and part.get_content_type() in ORIGINALS:
            continue
        yield part
        inner = part.get_payload()
        if isinstance(inner, list) and part.get_content_maintype() != "message":
            waiting = [one for one in inner if isinstance(one, Message)] + waiting


def _own_parts(mail: Message) -> Iterator[Message]:
    """Those that hold words."""
    waiting, seen = [mail], 0
    while waiting and seen < MOST_PARTS:
        part, seen = waiting.pop(0), seen + 1
        if part.get_content_type() in ORIGINALS:
            continue
        inner = part.get_payload()
        if part.is_multipart() and isinstance(inner, list):
            waiting = [one for one in inner if isinstance(one, Message)] + waiting
        else:
            yield part


def content_of(part: Message) -> str:
    packed = part.get_payload(decode=True)
    if not isinstance(packed, bytes):
        return ""
    packed = packed[:MOST_BYTES]
    return _as_text(packed, part.get_content_charset() or _guessed(packed))[:LONGEST_TEXT]


def evidence_of(mail: Message) -> str:
    """The heads of the mails that a report carries, and what its own text quotes of them."""
    found: list[str] = []
    for part in parts_of(mail):
        kind = part.get_content_type()
        inner = part.get_payload()
        if kind == "message/rfc822" and isinstance(inner, list) and inner and isinstance(inner[0], Message):
            found.append(head_of(inner[0]))
        elif kind in ORIGINALS or kind == "text/plain":
            found.append(content_of(part))
    return "\n".join(found)[:LONGEST_EVIDENCE]


def head_of(mail: Message) -> str:
    """Headers as text, folded ones in one line."""
    return "\n".join(f"{name}: {' '.join(str(value).split())}" for name, value in mail.raw_items())


def _guessed(packed: bytes) -> str:
    """The charset of a text that names none. A Chinese letter is two high bytes or more, an accent is one alone."""
    is_whole = len(packed) < MOST_BYTES
    try:
        getincrementaldecoder("utf-8")().decode(packed, final=is_whole)
    except UnicodeDecodeError:
        runs = re.findall(rb"[\x80-\xff]+", packed)
        return "gb18030" if all(len(run) > 1 for run in runs) else "cp1252"
    return "utf-8"


def _as_text(packed: bytes, charset: str) -> str:
    name = charset.lower()
    try:
        return packed.decode(WIDER.get(name, name), "replace")
    except (LookupError, ValueError):
        return packed.decode("utf-8", "replace")
