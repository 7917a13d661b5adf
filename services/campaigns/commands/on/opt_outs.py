"""Guests objected."""

from __future__ import annotations

from datetime import datetime

from services.campaigns.store.opt_outs import keep_opt_outs
from shared.database.pool import Tx
from shared.events import Chunk


def on_opt_out(tx: Tx, chunk: Chunk, _at: datetime) -> None:
    keep_opt_outs(tx, chunk)
