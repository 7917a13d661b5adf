"""A provider refused a contact point for good, or a person said that it is right after all."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.guests.noting import publish_and_evaluate
from services.segments.store.finding.indexing import guests_on
from services.segments.store.guests.cleaning import keep_refusals
from services.segments.store.guests.guests import await_turn, next_versions
from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.vocabulary.channel import WITH_POINTS


def handle_refused_points(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Guests on these points are reached there no more, or again. The greatest version of a point counts. Where a
    channel only shares the points of another (WhatsApp those of text messages), a refusal says nothing of the number.
    """
    of_points = chunk.pick([place for place, channel in enumerate(chunk["channel"]) if channel in WITH_POINTS])
    if len(of_points) == 0:
        return
    await_turn(tx)
    if changed := keep_refusals(tx, of_points):
        guests = guests_on(tx, changed)
        next_versions(tx, guests, at)
        publish_and_evaluate(tx, guests, at)
