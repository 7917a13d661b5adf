"""What messaging publishes of notices: whether they can be sent, and what became of each."""

from __future__ import annotations

from datetime import datetime

from services.console.store import links, reports, senders
from shared.database.pool import Tx
from shared.events import Chunk


def keep_senders(tx: Tx, chunk: Chunk, _now: datetime) -> None:
    senders.keep(tx, chunk.columns)


def keep_notice_outcomes(tx: Tx, chunk: Chunk, _now: datetime) -> None:
    links.keep_outcomes(tx, chunk.columns)
    reports.keep_outcomes(tx, chunk.columns)
