"""Conditions that a fork has of its own: each is a private segment, so that the language of rules has one home."""

from __future__ import annotations

from hashlib import sha256

BEGINS = "asked-by-"
LONGEST = 80


def own_key(journey: str, step: str, which: str) -> str:
    """The segment's key: of the journey, the step and the question, `which` being empty for the first."""
    key = f"{BEGINS}{journey}-{step}{which}"
    return key if len(key) <= LONGEST else BEGINS + sha256(key.encode()).hexdigest()[:32]


def is_own(segment: str) -> bool:
    return segment.startswith(BEGINS)
