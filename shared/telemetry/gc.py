"""Python's garbage collector, tuned for processes that live long and work in large sets."""

from __future__ import annotations

import gc


def tune_garbage_collector() -> None:
    """What a process holds when it begins its work stays, and a set of a thousand is no garbage: to scan both again and
    again costs a tenth of the run time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
