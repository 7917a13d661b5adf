"""News of properties: what waited because nothing had been heard of one is judged anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.messaging.rules.refusals.staleness import READ_BY, UNHEARD_FOR
from services.messaging.store import read_models as store
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def note_news(tx: Tx, codes: Sequence[str | None], heard_at: Sequence[str], at: datetime) -> None:
    """Something of these properties was heard: a stay, a guest, or data that changed nothing."""
    told = store.note_news_of_properties(tx, {"codes": list(codes), "heard_at": list(heard_at)})
    if told:
        store.wake_stale(tx, told, at - UNHEARD_FOR, at + READ_BY)


def keep_news(tx: Tx, chunk: Chunk, at: datetime) -> None:
    note_news(tx, chunk["property"], chunk["heard_at"], at)


def look_for_news(tx: Tx, codes: Sequence[str], at: datetime) -> None:
    """For a claim that has just held messages: news that came while it judged wakes them too."""
    store.await_news(tx, codes)
    store.wake_stale(tx, codes, at - UNHEARD_FOR, at + READ_BY)
