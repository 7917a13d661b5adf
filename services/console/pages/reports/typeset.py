"""Asks the child for a report as PDF and for its charts as PNG: what sets them is large, and ends with it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from shared.errors import GuestloopError

CHILD = Path(__file__).with_name("child.py")
MOST_MEMORY = 2 * 1024**3  # of addresses; it fills some 120 MB
MOST_SECONDS = 30
ONE_THREAD = {"RAYON_NUM_THREADS": "1"}  # else one a core, of which containers allow few

log = structlog.get_logger()


class ReportUnset(GuestloopError):
    """The report could not be set. What is wrong stands in this service's log; the figures are on their page."""


@dataclass(frozen=True)
class Set:
    """`pdf`: empty where none was wanted. `pictures`: PNGs, one a chart, in order."""

    pdf: bytes
    pictures: tuple[bytes, ...]


def typeset(report: Mapping[str, Any], *, pdf: bool = True, pictures: bool = False) -> Set:
    """Raises `ReportUnset`."""
    wanted = [*(["pdf"] if pdf else []), *(["pictures"] if pictures else [])]
    command = [sys.executable, "-I", str(CHILD), str(MOST_MEMORY), str(MOST_SECONDS), *wanted]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(report).encode(),
            capture_output=True,
            timeout=2 * MOST_SECONDS,
            env={**os.environ, **ONE_THREAD},
        )
    except subprocess.TimeoutExpired:
        raise ReportUnset() from None
    if done.returncode != 0:
        log.error("a report could not be set", told=done.stderr.decode(errors="replace")[-500:])
        raise ReportUnset()
    made = json.loads(done.stdout)
    return Set(b64decode(made["pdf"]), tuple(map(b64decode, made["pictures"])))
