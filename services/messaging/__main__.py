"""`python -m services.messaging <role>`: see `shared.process`."""

import os
import sys
from dataclasses import replace

from services.messaging.channels.registry import chosen_senders, providers_of_notices
from services.messaging.config import Config
from services.messaging.service import SERVICE, sending
from shared.bus.roles import Timed
from shared.clock import Clock
from shared.database.pool import Database
from shared.process import main


def configured(database: Database, config: Config, _clock: Clock) -> tuple[Timed, ...]:
    """The providers that the environment names; nothing is sent by another."""
    return sending(database, config, chosen_senders(os.environ, database), providers_of_notices(os.environ))


if __name__ == "__main__":
    sys.exit(main(replace(SERVICE, clocks=configured)))
