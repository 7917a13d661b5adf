"""Tell messaging what journeys would ask for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from services.campaigns.commands.rehearsal.play import stays_of
from services.campaigns.rules.rehearsals import Rehearsal, Stage
from services.campaigns.store import rehearsals as store
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events.dictionary import Chunk, chunk_of_rows
from shared.events.rehearsals import MessageRehearsed

REQUESTED = "message.requested.v1"
Row = tuple[Any, ...]


def publish_asked(tx: Tx, one: Rehearsal, asked: Iterable[Chunk], at: datetime) -> None:
    """All of it and the stays that turn, where it is still wanted, and behind it the end."""
    if not store.move(tx, one.id, [Stage.PLAYING], Stage.JUDGING, at):
        return
    stays: list[Row] = [(stay.guest_id, None, stay.at, None, {}, stay.stay) for stay in stays_of(tx, one)]
    store.drop_changes(tx, one.id)
    told = [*stays, *(row for chunk in asked for row in _rows(chunk))]
    rows = [(one.id, number, len(told), *row) for number, row in enumerate(told)]
    end: Row = (one.id, len(told), len(told), None, None, one.until, None, {}, {})
    publish(tx, chunk_of_rows(MessageRehearsed, [*rows, end]), at=at)


def _rows(chunk: Chunk) -> Iterator[Row]:
    """Guest, message, instant, reason, request, stay."""
    names = list(chunk.columns)
    for values in zip(*chunk.columns.values(), strict=True):
        told = dict(zip(names, values, strict=True))
        guest, message = UUID(told["guest_id"]), UUID(told["message_id"])
        if chunk.type.name == REQUESTED:
            yield guest, message, datetime.fromisoformat(told["requested_at"]), None, told, {}
        else:
            yield guest, message, datetime.fromisoformat(told["withdrawn_at"]), told["reason"], {}, {}
