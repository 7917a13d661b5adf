"""The hotels there are, and what each is paid in: rows of others are refused."""

from __future__ import annotations

from datetime import datetime

from services.segments.commands.money.currencies import convert_where_changed
from services.segments.store.money.currencies import load_currencies
from services.segments.store.properties import save_properties
from shared.database.pool import Tx
from shared.events.dictionary import Chunk


def handle_properties(tx: Tx, chunk: Chunk, at: datetime) -> None:
    before = load_currencies(tx)
    save_properties(tx, chunk)
    convert_where_changed(tx, before, at)
