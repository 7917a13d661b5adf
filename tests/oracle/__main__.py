"""python -m tests.oracle RESERVATIONS.csv GUESTS.jsonl LEDGER.jsonl FROM TO: say where they differ."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

from tests.oracle.compare import compare, summary

SHOWN = 40


def main(arguments: list[str]) -> int:
    if len(arguments) != 5:
        print(__doc__)
        return 2
    export, guests, ledger = map(Path, arguments[:3])
    found = compare(export, guests, ledger, date.fromisoformat(arguments[3]), date.fromisoformat(arguments[4]))
    for mismatch in found[:SHOWN]:
        print(mismatch)
    if len(found) > SHOWN:
        print(f"… and {len(found) - SHOWN} more")
    print(summary(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
