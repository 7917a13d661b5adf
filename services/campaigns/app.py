"""The composition root of campaigns."""

from __future__ import annotations

from pathlib import Path

from services.campaigns.clock import Timers
from services.campaigns.config import Config
from services.campaigns.consumer import SUBSCRIPTIONS
from services.campaigns.queries.backlog import BACKLOG
from shared.bus.roles import Service
from shared.clock import Clock
from shared.database.pool import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def build(config: Config, database: Database, clock: Clock) -> Service:  # noqa: ARG001 - one shape for all services
    return Service(
        name="campaigns",
        database=database,
        subscriptions=SUBSCRIPTIONS,
        clocks=(Timers(database, most=config.timers),),
        migrations=MIGRATIONS,
        backlog=BACKLOG,
    )
