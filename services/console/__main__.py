"""`python -m services.console <role>`: see `shared.running`."""

import os
import sys

from services.console.app import build
from services.console.config import Config
from shared.running import main

if __name__ == "__main__":
    sys.exit(main("console", lambda database, clock: build(Config.read(os.environ), database, clock)))
