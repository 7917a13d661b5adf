"""On which channels notices really leave, as the role that sends them knows it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from services.messaging.store import notices as store
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import chunk_of
from shared.events.messaging import SendersChanged
from shared.vocabulary.channel import Channel


def publish_channels(tx: Tx, channels: Collection[str], at: datetime) -> int:
    """Publish where that is no longer what was published last; how many channels. An installation that never sent
    anything publishes nothing."""
    every = sorted(map(str, Channel))
    changed = [
        SendersChanged(channel=Channel(channel), version=version, is_real=is_real, occurred_at=at)
        for channel, version, is_real in store.change_channels(tx, every, [channel in channels for channel in every])
    ]
    if changed:
        publish(tx, chunk_of(changed), at=at)
    return len(changed)
