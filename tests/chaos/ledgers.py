"""What the providers took, in files that are only ever added to: the truth that the tables are held against."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path


@dataclass(frozen=True)
class Taken:
    """One message that a provider took. `ref`: the provider's own number of it."""

    message_id: str
    channel: str
    to: str
    ref: str
    at: str


class Ledger:
    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def add(self, taken: Taken) -> None:
        os.write(self._file, json.dumps(asdict(taken)).encode() + b"\n")


def read(file: Path) -> Iterator[Taken]:
    if file.exists():
        with file.open() as lines:
            for line in lines:
                yield Taken(**json.loads(line))


def chance(*of: object) -> float:
    """From 0 to 1, the same every time."""
    return int.from_bytes(sha256("\x1f".join(map(str, of)).encode()).digest()[:6], "big") / 2**48
