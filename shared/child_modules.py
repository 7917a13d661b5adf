"""What a process that is started from this one can import."""

from __future__ import annotations

import os
import sys


def same_modules() -> dict[str, str]:
    """The variable that lets a child find what this process found, wherever it was started."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
