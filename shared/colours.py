"""Whether a hotel's colour can be read: a button in it holds white letters, and a guest's page is written in it."""

from __future__ import annotations

import re

READABLE = 4.5
"""WCAG 2.2, 1.4.3: what letters of usual size need."""
PAPER = "#faf7f2"
"""What guests' pages are written on; white letters on a colour that can be read on it can be read as well."""


def hex_colour(text: str) -> str | None:
    """As `#rrggbb`; None where it is none."""
    found = re.fullmatch(r"#?([0-9a-f]{6})", text.strip().lower())
    return f"#{found[1]}" if found else None


def is_readable(colour: str) -> bool:
    """On a guest's page, and white on it. `colour`: as `hex_colour` gives it."""
    return contrast(colour, PAPER) >= READABLE


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
