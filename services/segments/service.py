"""The manifest of segments."""

from __future__ import annotations

from pathlib import Path

from services.segments.clock import clocks
from services.segments.commands.guests.over_term import GuestsOverTerm
from services.segments.config import Config
from services.segments.consumer import SUBSCRIPTIONS
from services.segments.personal_data import PERSONAL_DATA
from services.segments.queries.backlog import BACKLOG
from shared.service import Manifest

SERVICE = Manifest(
    name="segments",
    owns="guests (profile, identities, contact points, tags, tier), stays, spend, segments and membership, imports",
    folder=Path(__file__).parent,
    read_config=Config.read,
    subscriptions=SUBSCRIPTIONS,
    personal_data=PERSONAL_DATA,
    retained=(GuestsOverTerm(),),
    clocks=clocks,
    backlog=BACKLOG,
    files=lambda config: config.imports,
)
