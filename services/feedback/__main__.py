"""`python -m services.feedback <role>`: see `shared.process`."""

import os
import sys

from services.feedback.app import build
from services.feedback.config import Config
from shared.clock import Clock
from shared.database.pool import Database
from shared.process import main
from shared.web.config import WebConfig


def build_web(database: Database, clock: Clock) -> object:
    from services.feedback import web  # only this role carries Flask

    return web.build_web(Config.read(os.environ), database, clock, WebConfig.read(os.environ))


if __name__ == "__main__":
    sys.exit(main("feedback", lambda database, clock: build(Config.read(os.environ), database, clock), build_web))
