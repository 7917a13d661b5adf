"""The manifest of feedback."""

from __future__ import annotations

from pathlib import Path

from services.feedback.clock import clocks
from services.feedback.config import Config
from services.feedback.consumer import SUBSCRIPTIONS
from services.feedback.personal_data import PERSONAL_DATA
from shared.service import Manifest

SERVICE = Manifest(
    name="feedback",
    owns="replies, surveys and answers, opt-outs, cases with their owner and level, alerts, tasks of staff, praise",
    folder=Path(__file__).parent,
    read_config=Config.read,
    subscriptions=SUBSCRIPTIONS,
    personal_data=PERSONAL_DATA,
    clocks=clocks,
)
