"""What commands that change many things at once have in common: an instant, and the question before they begin."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from shared.errors import InputError


def instant(text: str) -> datetime:
    """«2026-11-30», «2026-11-30T17:30»: of UTC where no zone is said."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no instant written 2026-11-30T17:30 (UTC)") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def agreed(consequence: str, count: int) -> bool:
    """Whoever asks types the number. Raises `InputError` where nobody can be asked."""
    if not sys.stdin.isatty():
        raise InputError(f"{consequence} Nobody can be asked here: add --yes")
    return input(f"{consequence} Type {count} to go on: ").strip() == str(count)
