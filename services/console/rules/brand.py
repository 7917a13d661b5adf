"""Whether a colour can be read: a button in it holds white letters, and on a guest's page it is written in itself."""

from __future__ import annotations

import re

from shared.vocabulary.colour import READABLE, contrast

PAPER = "#faf7f2"
"""What guests' pages are written on; white letters on a colour that can be read on it can be read as well."""


def hex_colour(text: str) -> str | None:
    """As `#rrggbb`; None where it is none."""
    found = re.fullmatch(r"#?([0-9a-f]{6})", text.strip().lower())
    return f"#{found[1]}" if found else None


def is_readable(colour: str) -> bool:
    """On a guest's page, and white on it. `colour`: as `hex_colour` gives it."""
    return contrast(colour, PAPER) >= READABLE
