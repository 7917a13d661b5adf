"""Versions and other counts that a form or an address carries: what somebody saw, as text."""

from __future__ import annotations

from collections.abc import Mapping

LONGEST = 18
"""Digits that a bigint holds. More are no number of ours, and cost no time."""


def number_in(values: Mapping[str, str], name: str = "version") -> int | None:
    """None for what is missing or no whole number from 0 on."""
    text = values.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= LONGEST else None
