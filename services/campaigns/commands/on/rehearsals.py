"""Other services' parts of a rehearsal: who would enter and leave, and what the gate would say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

import orjson

from services.campaigns.commands.rehearsal.add_up import add_up
from services.campaigns.rules.rehearsals import Stage
from services.campaigns.store import rehearsals as store
from shared.database.pool import Tx
from shared.events.dictionary import Chunk
from shared.localtime import zone_named


def on_audience_forecast(tx: Tx, chunk: Chunk, at: datetime) -> None:
    because, stays = ([orjson.dumps(one).decode() for one in chunk[name]] for name in ("because", "stay"))
    store.keep_changes(tx, {**chunk.columns, "because": because, "stay": stays})
    for id_, of, more in _counted(chunk):
        store.count_changes(tx, id_, of, more, at)


def on_message_judged(tx: Tx, chunk: Chunk, at: datetime) -> None:
    """With the last word the report is whole, and takes the place of the one before."""
    local = [
        datetime.fromisoformat(instant).astimezone(zone_named(zone))
        for instant, zone in zip(chunk["at"], chunk["zone"], strict=True)
    ]
    days, hours = [one.date() for one in local], [one.hour for one in local]
    store.keep_lines(tx, {**chunk.columns, "day": days, "hour": hours})
    for id_, of, more in _counted(chunk):
        if store.count_lines(tx, id_, of, more, at) and store.move(tx, id_, [Stage.JUDGING], Stage.DONE, at):
            done = store.find(tx, id_)
            assert done is not None
            add_up(tx, done)
            store.drop_older(tx, done)


def _counted(chunk: Chunk) -> Iterator[tuple[UUID, int, int]]:
    """By rehearsal, how many rows there are in all, and how many of them came."""
    found: dict[str, list[int]] = defaultdict(list)
    for id_, of in zip(chunk["rehearsal_id"], chunk["of"], strict=True):
        found[id_].append(of)
    for id_, ofs in sorted(found.items()):
        yield UUID(id_), ofs[0], len(ofs)
