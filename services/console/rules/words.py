"""Texts that are told to people: English here, said in the reader's language by the page that shows them."""

from __future__ import annotations


def _(english: str) -> str:
    """Marks a text for translation."""
    return english
