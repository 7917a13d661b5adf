"""Python's collector of cycles, told what kind of process this is."""

from __future__ import annotations

import gc


def tune_garbage_collector() -> None:
    """What a process has when it begins its work stays as long as it does, and a set of a thousand is no garbage: to
    look through both again and again costs a tenth of the work."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
