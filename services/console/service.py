"""The manifest of console."""

from __future__ import annotations

from pathlib import Path

from services.console.clock import clocks
from services.console.config import Config
from services.console.consumer import SUBSCRIPTIONS
from services.console.personal_data import PERSONAL_DATA
from shared.personal_data.retention.months_told import MONTHS
from shared.service import Manifest

SERVICE = Manifest(
    name="console",
    owns="accounts, roles, API keys, properties and brands, the home page, the audit trail, reports by mail",
    folder=Path(__file__).parent,
    read_config=Config.read,
    subscriptions=SUBSCRIPTIONS,
    clocks=clocks,
    personal_data=PERSONAL_DATA,
    backlog=MONTHS,
)
