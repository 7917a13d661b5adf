"""`python -m services.campaigns <role>`: see `shared.process`."""

import os
import sys

from services.campaigns.app import build
from services.campaigns.config import Config
from shared.clock import Clock
from shared.database.pool import Database
from shared.process import main
from shared.web.config import WebConfig


def build_web(database: Database, clock: Clock) -> object:
    from services.campaigns import web  # only this role carries Flask

    return web.build_web(Config.read(os.environ), database, clock, WebConfig.read(os.environ))


if __name__ == "__main__":
    sys.exit(main("campaigns", lambda database, clock: build(Config.read(os.environ), database, clock), build_web))
