"""A guest's words for readers who may not, or need not, see them in full."""

from __future__ import annotations

import re

MOST_SHOWN = 160
CONTACT = re.compile(r"\S+@\S+|https?://\S+|\+?\d[\d\s().\-/]{5,}\d")


def without_contacts(text: str) -> str:
    """The whole text, its addresses and numbers left out."""
    return CONTACT.sub("•••", text)


def redacted(text: str) -> str:
    """The text without addresses and numbers, cut to 160 characters."""
    plain = without_contacts(text)
    return plain if len(plain) <= MOST_SHOWN else plain[: MOST_SHOWN - 1].rstrip() + "…"
