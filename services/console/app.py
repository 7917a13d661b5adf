"""The composition root of console."""

from __future__ import annotations

from pathlib import Path

from services.console.config import Config
from services.console.consumer import SUBSCRIPTIONS
from shared.bus.roles import Service
from shared.clock import Clock
from shared.database.pool import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def build(config: Config, database: Database, clock: Clock) -> Service:  # noqa: ARG001 - one shape for all services
    return Service(name="console", database=database, subscriptions=SUBSCRIPTIONS, clocks=(), migrations=MIGRATIONS)
