"""`python -m services.segments <role>`: see `shared.running`."""

import os
import sys

from services.segments.app import build
from services.segments.config import Config
from shared.running import main

if __name__ == "__main__":
    sys.exit(main("segments", lambda database, clock: build(Config.read(os.environ), database, clock)))
