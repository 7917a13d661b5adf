"""Guests whose term is over become nobody: erased as on request, but for what is known again afterwards.

Their reservations are, so that the next export with the old rows does not bring them back. Their addresses are not: who
comes back after years is a new guest. Who must not be written to stays known by address as well.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.segments.commands.guests.erase import erase_by_term
from services.segments.store.guests import over_term as store
from shared.database.pool import Tx
from shared.personal_data.retention.subjects import Dropped
from shared.personal_data.retention.terms import Terms
from shared.vocabulary.personal_data import Kept

A_RANGE = 5_000  # guests looked at
AT_ONCE = 200  # guests erased: an erasure waits for the handlers at work, and they for it


class GuestsOverTerm:
    """Of members and of everybody else, each by the term of their country."""

    name, kept = "guests", Kept.GUEST

    def count(self, tx: Tx, terms: Terms, now: datetime) -> int:
        return store.count_over_term(tx, terms, now)

    def drop(self, tx: Tx, terms: Terms, now: datetime, place: str) -> Dropped:
        after = UUID(place) if place else store.FIRST
        found = store.over_term(tx, terms, now, after, A_RANGE)
        chosen = found.guests[:AT_ONCE]
        erased = erase_by_term(tx, chosen, found.objecting, now) if chosen else 0
        if len(found.guests) > AT_ONCE:
            return Dropped(erased, str(chosen[-1]))
        return Dropped(erased, str(found.last) if found.last else None)
