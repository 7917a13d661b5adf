"""Colours as #rrggbb, and whether letters of one can be read on another."""

from __future__ import annotations

READABLE, READABLE_LARGE = 4.5, 3.0
"""WCAG 2.2, 1.4.3: what letters of usual size need; and large ones, of 24 pixels or bold of 18.66."""


def contrast(one: str, other: str) -> float:
    """From 1, the same, to 21, black on white."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [_linear(int(colour[place : place + 2], 16) / 255) for place in (1, 3, 5)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
