"""`python -m tests.chaos --seed 1 --guests 20000 --kills 50`: prints what befell the fleet and what became of it.

With `--seeds 10` ten seeds from that one on follow each other: a line each, and the sum.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from functools import partial

from tests.chaos.run import Given, run
from tests.chaos.series import run_series
from tests.pooler import SERVER, WHY_NOT
from tests.rabbit import why_not


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    for name, default in (("seed", 1), ("guests", 20_000), ("kills", 50), ("copies", 2), ("partitions", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--cluster", action="store_true", help="three RabbitMQ nodes in place of one")
    parser.add_argument("--pooled", action="store_true", help="a PgBouncer before the databases")
    parser.add_argument("--replica", action="store_true", help="a standby that lags and dies, from which pages read")
    parser.add_argument("--seeds", type=int, default=1, help="so many, one after the other")
    asked = vars(parser.parse_args())
    seeds = asked.pop("seeds")
    given = Given(**asked)
    if reason := why_not() or (WHY_NOT if given.pooled and SERVER is None else None):
        print(reason, file=sys.stderr)
        return 2
    began = time.monotonic()
    last = ""

    def say(text: str) -> None:
        nonlocal last
        if text != last:
            print(f"{time.monotonic() - began:6.1f} s  {text}", file=sys.stderr, flush=True)
        last = text

    if seeds > 1:
        of = range(given.seed, given.seed + seeds)
        series = run_series(of, lambda seed: run(replace(given, seed=seed), say), partial(print, flush=True))
        return told(series.is_clean)
    done = run(given, say)
    print(f"seed {given.seed}\n{done.table()}")
    return told(done.is_clean)


def told(is_clean: bool) -> int:
    """The exit status."""
    print("nothing lost, nothing twice" if is_clean else "THIS MUST NOT BE")
    return 0 if is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
