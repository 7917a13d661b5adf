"""A journey is launched: the segments it starts from are in use, and their changes are published from then on.

A ready journey brings the segments along that Guestloop ships for it; one that the house retired stays retired. What a
journey needs for a recurring date is made for it, and goes when no journey needs it any more.
"""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.segments.lifecycle import bring_shipped, is_live, use_segment
from services.segments.commands.segments.of_journeys import make_of_date, retire_of_dates
from services.segments.store import of_journeys
from services.segments.store.other_services import save_journeys
from shared.database.pool import Tx
from shared.errors import MalformedEvent
from shared.events.campaigns import DateAudience
from shared.events.dictionary import Chunk


def handle_launches(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Present members are published too, where the journey lets them in."""
    wanted: dict[str, bool] = {}
    unknown: dict[int, str] = {}
    bring_shipped(tx, {key for segments in chunk["segments"] for key in segments}, at)
    _make_of_dates(tx, chunk, at)
    for place, (segments, let_in) in enumerate(zip(chunk["segments"], chunk["let_in"], strict=True)):
        if missing := [key for key in segments if not is_live(tx, key)]:
            unknown[place] = f"there is no segment {missing[0]}"
        wanted.update({key: wanted.get(key, False) or let_in for key in segments})
    if unknown:
        raise MalformedEvent("journey.launched.v1: a journey listens to a segment that is not there", unknown)
    save_journeys(tx, chunk)
    for key, let_in in sorted(wanted.items()):
        use_segment(tx, key, at, republish=let_in and not chunk.republished)


def handle_ends(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """Nobody enters these journeys any more: what was made for them alone goes."""
    for journey, ended in zip(chunk["journey"], chunk["ended_at"], strict=True):
        retire_of_dates(tx, of_journeys.need(tx, journey, datetime.fromisoformat(ended), ()), at)


def _make_of_dates(tx: Tx, chunk: Chunk, at: datetime) -> None:
    for journey, launched, dates in zip(chunk["journey"], chunk["launched_at"], chunk["dates"], strict=True):
        audiences = [DateAudience(**one) for one in dates]
        for one in audiences:
            make_of_date(tx, one, at)
        needed = [one.segment for one in audiences]
        retire_of_dates(tx, of_journeys.need(tx, journey, datetime.fromisoformat(launched), needed), at)
