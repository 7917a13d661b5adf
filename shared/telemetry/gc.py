"""Python's garbage collector, tuned for processes that live long and work in large sets."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def tune_garbage_collector() -> None:
    """What a process holds when it begins its work stays, and a set of a thousand is no garbage: to scan both again and
    again costs a tenth of the run time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Rows leave no cycles behind, and collecting them would cost a fifth of an import."""
    awake = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if awake:
            gc.enable()
