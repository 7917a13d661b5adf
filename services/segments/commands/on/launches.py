"""A journey is launched: the segments it starts from are in use, and their changes are published from then on.

A ready journey brings the segments along that Guestloop ships for it; one that the house retired stays retired.
"""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.segments.lifecycle import bring_shipped, is_live, use_segment
from services.segments.store.other_services import save_journeys
from shared.database.pool import Tx
from shared.errors import MalformedEvent
from shared.events.dictionary import Chunk


def handle_launches(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Present members are published too, where the journey lets them in."""
    wanted: dict[str, bool] = {}
    unknown: dict[int, str] = {}
    bring_shipped(tx, {key for segments in chunk["segments"] for key in segments}, at)
    for place, (segments, let_in) in enumerate(zip(chunk["segments"], chunk["let_in"], strict=True)):
        if missing := [key for key in segments if not is_live(tx, key)]:
            unknown[place] = f"there is no segment {missing[0]}"
        wanted.update({key: wanted.get(key, False) or let_in for key in segments})
    if unknown:
        raise MalformedEvent("journey.launched.v1: a journey listens to a segment that is not there", unknown)
    save_journeys(tx, chunk)
    for key, let_in in sorted(wanted.items()):
        use_segment(tx, key, at, republish=let_in and not chunk.republished)
