"""The manifest of feedback."""

from __future__ import annotations

from pathlib import Path

from services.feedback.clock import Alerts
from services.feedback.config import Config
from services.feedback.consumer import SUBSCRIPTIONS
from services.feedback.mail_role import MailRole
from services.feedback.personal_data import PERSONAL_DATA
from services.feedback.pictures_role import ReplyPictures
from shared.bus.roles import Timed
from shared.clock import Clock
from shared.database.pool import Database
from shared.service import Manifest


def clocks(database: Database, config: Config, clock: Clock) -> tuple[Timed, ...]:
    return (Alerts(database), MailRole(database, config, clock), ReplyPictures(database, config))


SERVICE = Manifest(
    name="feedback",
    owns="replies, mail that came back, surveys and answers, reviews, opt-outs, cases with their owner and level, "
    "alerts, tasks, praise",
    folder=Path(__file__).parent,
    read_config=Config.read,
    subscriptions=SUBSCRIPTIONS,
    personal_data=PERSONAL_DATA,
    clocks=clocks,
)
