"""What a tag is, and when two spellings are one."""

from __future__ import annotations

from unicodedata import normalize

LONGEST_TAG = 40
MOST_TAGS = 20


def folded(tag: str) -> str:
    """«VIP», «Vip» and «ｖｉｐ» are one tag."""
    return normalize("NFKC", tag).casefold()


def read_tag(text: str) -> str | None:
    """Without what is around and between its words; None where it is none."""
    tag = " ".join(text.replace("\x00", "").split())
    return tag if 0 < len(tag) <= LONGEST_TAG and not any(sign in tag for sign in ",，、;\n") else None
