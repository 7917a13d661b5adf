"""`guestloop diagnose -o diagnosis.zip`"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from guestloop.operations.diagnose import bundle
from shared.clock import SystemClock
from shared.errors import InputError
from shared.private_files import keep_private

STANDARD_OUTPUT = Path("-")


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "One archive for whoever helps: versions, settings without secrets, checks, what waits and what was set aside, "
        "and how large each table is. Nothing of a guest, no address and no password is in it; look before you send it."
    )
    known.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("diagnosis.zip"),
        metavar="FILE",
        help="default: diagnosis.zip; - prints",
    )
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    made = bundle(os.environ, SystemClock())
    if given.output == STANDARD_OUTPUT:
        sys.stdout.buffer.write(made)
        return 0
    try:
        keep_private(given.output, made)
    except OSError as error:
        raise InputError(f"-o {given.output}: {error.strerror}") from error
    print(f"{given.output}: {len(made):,} bytes")
    return 0
