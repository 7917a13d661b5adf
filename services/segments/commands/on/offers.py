"""Offers are given and used: the guests whose facts it changes are evaluated again."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.store import other_services
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def handle_offers(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Of a code whose guest nobody knows there is nothing to keep."""
    known = chunk.pick(place for place, guest in enumerate(chunk["guest_id"]) if guest is not None)
    what = chunk.type.name.split(".")[1]
    guests = other_services.save_offers(tx, known, what)
    because = {"kind": "guest", "what": f"offer.{what}"}
    evaluate_moved(tx, [Moved(guest, because) for guest in sorted(guests)], at)
