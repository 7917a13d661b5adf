"""The manifest of campaigns."""

from __future__ import annotations

from pathlib import Path

from services.campaigns.clock import Rehearsals, Results, Timers
from services.campaigns.config import Config
from services.campaigns.consumer import SUBSCRIPTIONS
from services.campaigns.personal_data import PERSONAL_DATA
from services.campaigns.queries.backlog import BACKLOG
from shared.bus.roles import Timed
from shared.clock import Clock, VirtualClock
from shared.database.pool import Database
from shared.service import Manifest


def clocks(database: Database, config: Config, clock: Clock) -> tuple[Timed, ...]:
    timers = Timers(database, most=config.timers)
    if isinstance(clock, VirtualClock):
        return (timers,)
    return (timers, Rehearsals(database, most=config.timers), Results(database))


SERVICE = Manifest(
    name="campaigns",
    owns="journeys and their versions, enrolments, timers, control groups, goals",
    folder=Path(__file__).parent,
    read_config=Config.read,
    subscriptions=SUBSCRIPTIONS,
    personal_data=PERSONAL_DATA,
    clocks=clocks,
    backlog=BACKLOG,
)
