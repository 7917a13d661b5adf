"""What time alone makes due in segments."""

from __future__ import annotations

from services.segments.clock.audiences import Conversions, FullEvaluation, SizesByDay, Snapshots, Sweep, Tags
from services.segments.clock.figures import GuestFigures, Predictions
from services.segments.clock.guests import DuplicateSearch, SearchIndex, SignUps
from services.segments.clock.imports import Imports
from services.segments.clock.rehearsals import Forecasts
from services.segments.config import Config
from services.segments.systems.role import Systems
from shared.bus.roles import Timed
from shared.clock import Clock, VirtualClock
from shared.database.pool import Database

__all__ = [
    "Conversions",
    "DuplicateSearch",
    "Forecasts",
    "FullEvaluation",
    "GuestFigures",
    "Imports",
    "Predictions",
    "SearchIndex",
    "SignUps",
    "SizesByDay",
    "Snapshots",
    "Sweep",
    "Tags",
    "clocks",
]


def clocks(database: Database, config: Config, clock: Clock) -> tuple[Timed, ...]:
    is_live = not isinstance(clock, VirtualClock)
    at_once = config.evaluators if is_live else 1
    of_rules: tuple[Timed, ...] = (
        Sweep(database, at_once),
        FullEvaluation(database, at_once, clock if is_live else None),
        *(Snapshots(database), SizesByDay(database), Tags(database)),
    )
    live: tuple[Timed, ...] = (
        DuplicateSearch(database),
        SearchIndex(database, clock),
        Systems(database, config.networks, config.agency_domains),
        Forecasts(database),
        GuestFigures(database),
        Predictions(database),
    )
    beside = live if is_live else ()  # they change no simulation
    return (*of_rules, SignUps(database, config), Conversions(database), *beside, Imports(database, config, clock))
