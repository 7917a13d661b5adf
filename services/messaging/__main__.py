"""`python -m services.messaging <role>`: see `shared.running`."""

import os
import sys

from services.messaging.app import build
from services.messaging.config import Config
from services.messaging.senders.choosing import chosen_senders
from shared.clock import Clock
from shared.database import Database
from shared.roles import Service
from shared.running import main


def built(database: Database, clock: Clock) -> Service:
    return build(Config.read(os.environ), database, clock, senders=chosen_senders(os.environ, database))


if __name__ == "__main__":
    sys.exit(main("messaging", built))
