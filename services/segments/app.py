"""The composition root of segments."""

from __future__ import annotations

from pathlib import Path

from services.segments.clock import clocks
from services.segments.config import Config
from services.segments.consumer import SUBSCRIPTIONS
from services.segments.queries.backlog import BACKLOG
from shared.bus.roles import Service
from shared.clock import Clock
from shared.database.pool import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def build(config: Config, database: Database, clock: Clock) -> Service:
    return Service(
        name="segments",
        database=database,
        subscriptions=SUBSCRIPTIONS,
        clocks=clocks(database, config, clock),
        migrations=MIGRATIONS,
        backlog=BACKLOG,
    )
