"""Identifiers made of what they identify, so that the same thing gets the same id whoever makes it."""

from __future__ import annotations

from uuid import UUID, uuid5

NAMESPACE = UUID("7c0d4a56-6f0e-5d3b-9a53-2f6d7a1e8c11")


def make_id(kind: str, *parts: object) -> UUID:
    """The uuid5 of `kind` and `parts`; parts are joined by a character no name contains."""
    return uuid5(NAMESPACE, "\x1f".join([kind, *map(str, parts)]))
