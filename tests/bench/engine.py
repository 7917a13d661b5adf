"""`make bench`: an export imported until every outbox and mailbox is empty, imported again, and eighteen months played.

The real export beside the project, or the generated one of 5,000 rows where it is absent. Wall seconds, CPU seconds of
all processes (they say more where others use the machine), the greatest sum of the resident memory of all processes
(proportional: shared pages count once), and what was made of the rows. An import's seconds are those of a house that
runs, from the file's first row until all is empty; what the command needs beside them to start the embedded database
and the engine (while the file is surveyed) and to stop them is told, and its CPU counted. Aims on two cores, for the
real export: the import under 25 s, the same again under 5 s, the eighteen months under 180 s and 1 GiB.
"""

from __future__ import annotations

import os
import resource
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import psutil

from guestloop.generated.export import write_export
from guestloop.operations.import_file import import_file
from guestloop.simulation.history import PLAIN_MAPPING
from guestloop.simulation.simulate import Period, simulate
from services.segments.imports.chunks import Imported

REAL = Path(__file__).parents[3] / "shared" / "data" / "reservations_2015-2016.csv.gz"
EIGHTEEN_MONTHS = Period(date(2015, 7, 1), date(2016, 12, 31))


@dataclass
class Cost:
    seconds: float = 0.0
    cpu: float = 0.0  # seconds of this process and of all that it started and that have ended
    peak_mb: float = 0.0


@contextmanager
def measured() -> Iterator[Cost]:
    """Wall time and the greatest proportional memory of this process and all it started.

    To ask a process for it costs the kernel a walk over all its pages, and there are dozens: at twice a second that
    took a fifth of what was measured. It is asked for as seldom as costs one part in a hundred.
    """
    cost, done = Cost(), threading.Event()
    sampler = threading.Thread(target=_sample, args=(cost, done))
    sampler.start()
    started, before = time.perf_counter(), _cpu()
    try:
        yield cost
    finally:
        cost.seconds, cost.cpu = time.perf_counter() - started, _cpu() - before
        done.set()
        sampler.join()


def _cpu() -> float:
    both = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def _sample(cost: Cost, done: threading.Event) -> None:
    me, pause = psutil.Process(), 0.5
    while not done.wait(pause):
        total, began = 0, time.thread_time()
        for process in [me, *me.children(recursive=True)]:
            try:
                total += process.memory_full_info().pss
            except psutil.Error:
                continue
        cost.peak_mb = max(cost.peak_mb, total / 1e6)
        pause = max(0.5, 100 * (time.thread_time() - began))


def main(rows: int | None = None) -> None:
    """`rows`: of a generated export, which is imported twice and not played."""
    with tempfile.TemporaryDirectory(prefix="guestloop-bench-") as name:
        folder = Path(name)
        export = REAL
        if rows or not export.exists():
            export = folder / "reservations.csv"
            maker = get_context("spawn").Process(target=write_export, args=(export,), kwargs={"rows": rows or 5000})
            maker.start()  # in a process of its own: what it takes is no part of what is measured
            maker.join()
        environment = {**os.environ, "GUESTLOOP_HOME": str(folder / "home")}
        rejects = folder / "rejects.csv"
        done, first = _import(export, rejects, environment)
        print(f"import: {done.rows:,} rows in {first}", flush=True)
        print(f"  {done.guests_made:,} guests; joins by key {dict(sorted(done.joins.items()))}")
        print(f"  {done.duplicates:,} possible duplicates filed, {done.rejected:,} rows rejected")
        repeated, again = _import(export, rejects, environment)
        outcome = "nothing changed" if repeated.nothing_changed else "CHANGED"
        print(f"the same again: {outcome}, {again}", flush=True)
        if rows:
            return
        with measured() as played:
            result = simulate(export, EIGHTEEN_MONTHS, answers=False)
        states = Counter({state: 0 for _, state, _ in result.decisions})
        for (_, state, _), count in result.decisions.items():
            states[state] += count
        cost = f"{played.seconds:.0f} s, {played.peak_mb:.0f} MB at most"
        print(f"simulate {EIGHTEEN_MONTHS.first} to {EIGHTEEN_MONTHS.last}: {cost}")
        print(f"  {dict(sorted(states.items()))}")


def _import(export: Path, rejects: Path, environment: Mapping[str, str]) -> tuple[Imported, str]:
    """What an import did, and what it cost."""
    at: dict[str, float] = {}

    def phase(name: str) -> None:
        at[name] = time.perf_counter()

    with measured() as cost:
        done = import_file(export, PLAIN_MAPPING, {}, rejects=rejects, environment=environment, phase=phase)
    seconds = at["empty"] - at["ready"]
    about = f"{cost.seconds - seconds:.1f} s to start and stop, CPU {cost.cpu:.1f} s, {cost.peak_mb:.0f} MB at most"
    return done, f"{seconds:.1f} s, and {about}"


if __name__ == "__main__":
    main()
