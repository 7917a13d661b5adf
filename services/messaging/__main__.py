"""`python -m services.messaging <role>`: see `shared.process`."""

import os
import sys
from dataclasses import replace

from services.messaging.service import SERVICE, configured_by
from shared.process import main

if __name__ == "__main__":
    sys.exit(main(replace(SERVICE, clocks=configured_by(os.environ))))
