"""Identifiers made of what they identify, so that the same thing gets the same id in every service; and lots drawn the
same way."""

from __future__ import annotations

from hashlib import sha1, sha256
from uuid import UUID, SafeUUID

NAMESPACE = UUID("7c0d4a56-6f0e-5d3b-9a53-2f6d7a1e8c11")
CLEARED, SET = ~(0xF000_C000 << 48), 0x5000_8000 << 48  # the bits RFC 9562 clears and sets
_AHEAD = sha1(NAMESPACE.bytes, usedforsecurity=False)
_new, _set = object.__new__, object.__setattr__  # what `UUID` does with an int, without asking what else it was given


def make_id(kind: str, *parts: object) -> UUID:
    """The uuid5 of `kind` and `parts`; parts are joined by a character no name contains."""
    digest = _AHEAD.copy()
    digest.update("\x1f".join([kind, *map(str, parts)]).encode())
    made = _new(UUID)
    _set(made, "int", int.from_bytes(digest.digest()[:16], "big") & CLEARED | SET)
    _set(made, "is_safe", SafeUUID.unknown)
    return made


def draw(*parts: object) -> int:
    """A number below 2⁶⁴ drawn for good from `parts`, which are joined as those of an id are."""
    return int.from_bytes(sha256("\x1f".join(map(str, parts)).encode()).digest()[:8], "big")
