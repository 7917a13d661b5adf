"""A block's words, as people would quote them."""

from __future__ import annotations

from typing import Any

UNREAD = ("align", "link", "file", "when")


def words_of(block: Any) -> str:
    """Its texts one after another, without what is no text: where it leads, how it is aligned, when it is shown."""
    if isinstance(block, str):
        return block
    if isinstance(block, dict):
        return " ".join(filter(None, (words_of(part) for name, part in block.items() if name not in UNREAD)))
    if isinstance(block, list):
        return " ".join(filter(None, map(words_of, block)))
    return ""
