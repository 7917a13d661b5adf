"""Pictures that a guest attached to a mail: those that can be shown, and not the marks of a signature."""

from __future__ import annotations

from email.message import Message

from services.feedback.mail.parts import own_branches, parsed

SHOWN_AS = ("image/jpeg", "image/png", "image/webp")
MOST_PICTURES = 5
SMALLEST_INLINE = 20 * 1024
"""Bytes: what stands in the text and is smaller is a logo or a button."""


def count_of(raw: bytes) -> int:
    return len(_parts(parsed(raw)))


def picture_of(raw: bytes, place: int) -> bytes | None:
    """Its bytes, as the guest sent it; None where there is none."""
    found = _parts(parsed(raw))
    return _content(found[place]) if place < len(found) else None


def _parts(mail: Message) -> list[Message]:
    found = [part for part in own_branches(mail) if part.get_content_type() in SHOWN_AS and _is_meant(part)]
    return found[:MOST_PICTURES]


def _is_meant(part: Message) -> bool:
    size = len(_content(part))
    return size >= SMALLEST_INLINE or (size > 0 and part.get_content_disposition() == "attachment")


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
