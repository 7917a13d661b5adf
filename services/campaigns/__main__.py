"""`python -m services.campaigns <role>`: see `shared.running`."""

import os
import sys

from services.campaigns.app import build
from services.campaigns.config import Config
from shared.running import main

if __name__ == "__main__":
    sys.exit(main("campaigns", lambda database, clock: build(Config.read(os.environ), database, clock)))
