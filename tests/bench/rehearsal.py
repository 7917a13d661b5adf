"""How long a rehearsal takes: `python -m tests.bench.rehearsal [guests] [days]`.

By default 100,000 guests of two hotels and 90 days: all shipped journeys, forecast by segments, played by campaigns,
judged by messaging, told over mailboxes and kept as a report, by a process tuned as roles are. `CPU` is what this
process and PostgreSQL used, which says more than the seconds where others use the machine. Aim: 60 s for the default.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path
from time import perf_counter

import psutil

from shared.telemetry.gc import tune_garbage_collector
from tests.bench.ground import count_given
from tests.rehearsal.house import house

GUESTS, DAYS, AIM = 100_000, 90, 60.0


def main() -> int:
    guests = count_given(GUESTS)
    days = int(sys.argv[2]) if len(sys.argv) > 2 else DAYS
    with tempfile.TemporaryDirectory() as folder, house(Path(folder), guests=guests) as made:
        tune_garbage_collector()
        start, before = perf_counter(), cpu_seconds()
        id_ = made.rehearse(days)
        seconds, cpu = perf_counter() - start, cpu_seconds() - before
        lines = made.rehearsed(id_)
        beside = f" of at most {AIM:.0f} s" if (guests, days) == (GUESTS, DAYS) else ""
        print(f"{guests:,} guests, {days} days: {len(lines):,} decisions, {seconds:.1f} s, CPU {cpu:.1f} s{beside}")
        for (journey, what), count in sorted(Counter((one["journey"], one["state"]) for one in lines).items()):
            print(f"  {count:>8,}  {journey}: {what}")
    return 0


def cpu_seconds() -> float:
    """Of this process and of what it started, ended or not."""
    me = psutil.Process()
    total = 0.0
    for process in (me, *me.children(recursive=True)):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
        total += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return total


if __name__ == "__main__":
    sys.exit(main())
