"""The place in a list that is read page by page: of its last line the instant it is sorted by, and its number."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

Place = tuple[datetime, UUID]


def place_of(at: datetime, number: UUID) -> str:
    """As an address holds it."""
    return f"{at.isoformat()}~{number}"


def place_in(text: str) -> Place | None:
    """What `place_of` wrote; None where it was tampered with, or is none."""
    at, _, number = text.partition("~")
    try:
        return datetime.fromisoformat(at), UUID(number)
    except ValueError:
        return None
