"""Segments by which blocks are shown: asked for when a template is published that names one, and given back."""

from __future__ import annotations

from datetime import datetime

from services.messaging.library.segments import segments_in
from services.messaging.store import guest_segments as store
from services.messaging.store.templates import newest_versions
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import Lane, chunk_of
from shared.events.messaging import AudienceWanted


def ask_for_segments(tx: Tx, at: datetime) -> None:
    """As the newest versions of all templates need them."""
    wanted = frozenset[str]().union(*(segments_in(one.document) for one in newest_versions(tx)))
    said = [
        AudienceWanted(segment=segment, version=version, wanted=used, occurred_at=at)
        for segment, version, used in store.use(tx, wanted, at)
    ]
    if said:
        publish(tx, chunk_of(said), at=at, lane=Lane.MARKETING)
