"""The role that adds codes to offers: what was ordered on a page is made, or read from its file, set by set.

One transaction a set (`commands.offers.adding`): a crash leaves whole sets, and whoever comes next goes on behind them.
Several may run at once, each at another batch.
"""

from __future__ import annotations

from datetime import datetime

import psycopg

from services.messaging.commands.offers.adding import add_next_set
from services.messaging.store.offers.codes import first_open_batch
from shared.database.dedicated_connection import unavailable
from shared.database.pool import Database


class CodesRole:
    name = "codes"

    def __init__(self, database: Database) -> None:
        self._database = database

    def step(self, now: datetime) -> int:
        """How many codes or lines the set had. Raises `DatabaseUnavailable`."""
        try:
            with self._database.transaction() as tx:
                return add_next_set(tx, now)
        except psycopg.OperationalError as error:
            raise unavailable(error) from error

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            return first_open_batch(tx)
