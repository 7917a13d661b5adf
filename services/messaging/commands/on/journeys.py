"""What messaging keeps of journeys: the names that pages show, and which templates they send to whom."""

from __future__ import annotations

from datetime import datetime

from services.messaging.commands.templates.ready import begin_ready
from services.messaging.commands.templates.segments import ask_for_segments
from services.messaging.store import read_models as store
from services.messaging.store.templates import journey_uses
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def keep_journeys(tx: Tx, chunk: Chunk, at: datetime) -> None:
    store.keep_journeys(tx, chunk.columns)
    journey_uses.keep_launches(tx, chunk.columns)
    ask_for_segments(tx, at)


def bring_templates(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """What a ready journey sends, from the gallery: published, or a draft where somebody has to look at it first. What
    the house has under that name, published or not, is left as it is."""
    wanted = [(key, by) for keys, by in zip(chunk["templates"], chunk["by"], strict=True) for key in keys]
    for key, by in sorted(dict(wanted).items()):
        begin_ready(tx, key, by=by, at=at)


def keep_ended(tx: Tx, chunk: Chunk, at: datetime) -> None:
    journey_uses.keep_ends(tx, chunk.columns)
    ask_for_segments(tx, at)
