"""`python -m services.messaging <role>`: see `shared.running`."""

import os
import sys

from services.messaging.app import build
from services.messaging.config import Config
from shared.running import main

if __name__ == "__main__":
    sys.exit(main("messaging", lambda database, clock: build(Config.read(os.environ), database, clock)))
