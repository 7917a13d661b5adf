"""`python -m services.feedback <role>`: see `shared.running`."""

import os
import sys

from services.feedback.app import build
from services.feedback.config import Config
from shared.running import main

if __name__ == "__main__":
    sys.exit(main("feedback", lambda database, clock: build(Config.read(os.environ), database, clock)))
