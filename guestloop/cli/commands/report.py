"""`guestloop report --month 2025-05 --property LIS --language zh -o may.pdf`"""

from __future__ import annotations

import argparse
import os
from datetime import date, datetime
from pathlib import Path

from guestloop.operations.connect import connect
from shared.clock import SystemClock
from shared.errors import InputError
from shared.private_files import keep_private


def add(known: argparse.ArgumentParser) -> None:
    known.description = "The same as colleagues get by mail and find under Numbers, Key figures, PDF."
    known.add_argument("--month", type=month, required=True, metavar="YYYY-MM")
    known.add_argument("--property", metavar="CODE", help="one hotel (default: all together)")
    known.add_argument("--language", choices=("en", "zh"), default="en", help="default: en")
    known.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="where the PDF goes")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    from guestloop.operations.report import monthly_report  # brings the pages along

    clock = SystemClock()
    with connect(os.environ, clock) as installation:
        made = monthly_report(installation.group, clock, os.environ, given.month, given.property, given.language)
    try:
        keep_private(given.output, made)
    except OSError as error:
        raise InputError(f"-o {given.output}: {error.strerror}") from error
    print(f"{given.output}: {len(made):,} bytes")
    return 0


def month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no month written YYYY-MM") from error
