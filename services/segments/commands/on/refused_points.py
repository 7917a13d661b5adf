"""A provider refused a contact point for good, or a person said that it is right after all."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.guests.noting import publish_and_evaluate
from services.segments.store.finding.indexing import guests_on
from services.segments.store.guests.cleaning import keep_refusals
from services.segments.store.guests.guests import await_turn, next_versions
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def handle_refused_points(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Guests on these points are reached there no more, or again. The greatest version of a point counts."""
    await_turn(tx)
    if changed := keep_refusals(tx, chunk):
        guests = guests_on(tx, changed)
        next_versions(tx, guests, at)
        publish_and_evaluate(tx, guests, at)
