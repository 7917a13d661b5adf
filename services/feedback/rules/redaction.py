"""A guest's words for readers who may not see them in full."""

from __future__ import annotations

import re

MOST_SHOWN = 160
CONTACT = re.compile(r"\S+@\S+|https?://\S+|\+?\d[\d\s().\-/]{5,}\d")


def redacted(text: str) -> str:
    """The text without addresses and numbers, cut to 160 characters."""
    plain = CONTACT.sub("•••", text)
    return plain if len(plain) <= MOST_SHOWN else plain[: MOST_SHOWN - 1].rstrip() + "…"
