"""`python -m services.messaging <role>`: see `shared.process`."""

import os
import sys

from services.messaging.app import build
from services.messaging.config import Config
from services.messaging.senders.choosing import chosen_senders
from shared.bus.roles import Service
from shared.clock import Clock
from shared.database.pool import Database
from shared.process import main
from shared.web.config import WebConfig


def built(database: Database, clock: Clock) -> Service:
    return build(Config.read(os.environ), database, clock, senders=chosen_senders(os.environ, database))


def build_web(database: Database, clock: Clock) -> object:
    from services.messaging import web  # only this role carries Flask

    return web.build_web(Config.read(os.environ), database, clock, WebConfig.read(os.environ))


if __name__ == "__main__":
    sys.exit(main("messaging", built, build_web))
