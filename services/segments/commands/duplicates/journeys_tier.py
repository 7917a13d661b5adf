"""A journey's word on the tier of several who were one guest, as they are taken apart again.

What it gave since the merge is the root's, as a tag would be; what it gave back is nobody's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.segments.rules.people.guests import JOURNEYS_TIER, Guest, by_journey
from services.segments.store.guests.guests import change_guests, load_guests
from services.segments.store.tiers import given_to
from services.segments.store.told.loyalty import loyalty_of
from shared.database.pool import Tx


@dataclass(frozen=True)
class Word:
    """`tier`: None, it was given back. `mark`: the greater one is the later word."""

    tier: str | None
    mark: list[str]


def journeys_word(tx: Tx, guest: Guest) -> Word | None:
    """The last word on this guest; None where none was said, or a programme tells of them, which stands over it."""
    mark, programme = guest.said.get(JOURNEYS_TIER), loyalty_of(tx, [guest.id]).get(guest.id)
    if not mark or (programme and programme.tier):
        return None
    stands = "tier" in (guest.heard or {}) and given_to(tx, [guest.id]).get(guest.id) != guest.tier
    return Word(guest.tier if stands else None, list(mark))


def follow_word(tx: Tx, word: Word, root: UUID, states: Mapping[UUID, Mapping[str, Any]], at: datetime) -> None:
    """`states`: by guest, how each stood at the merge. A word that one of them brought along is no news."""
    if any(word.mark <= state["said"].get(JOURNEYS_TIER, []) for state in states.values()):
        return
    concerned = load_guests(tx, list(states) if word.tier is None else [root]).values()
    change_guests(tx, [by_journey(guest, word.tier, word.mark) for guest in concerned], at)
