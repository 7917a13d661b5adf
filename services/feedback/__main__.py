"""`python -m services.feedback <role>`: see `shared.process`."""

import sys

from services.feedback.service import SERVICE
from shared.process import main

if __name__ == "__main__":
    sys.exit(main(SERVICE))
