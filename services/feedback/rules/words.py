"""A guest's words for those who may not see them in full."""

from __future__ import annotations

import re

MOST_SHOWN = 160
CONTACT = re.compile(r"\S+@\S+|https?://\S+|\+?\d[\d\s().\-/]{5,}\d")


def in_part(text: str) -> str:
    """Without addresses and numbers, and no longer than a glance."""
    plain = CONTACT.sub("•••", text)
    return plain if len(plain) <= MOST_SHOWN else plain[: MOST_SHOWN - 1].rstrip() + "…"
