"""`python -m tests.chaos --seed 1 --guests 20000 --kills 50`: prints what befell the fleet and what became of it."""

from __future__ import annotations

import argparse
import sys
import time

from tests.chaos.run import Given, run
from tests.pooler import SERVER, WHY_NOT
from tests.rabbit import why_not


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos")
    for name, default in (("seed", 1), ("guests", 20_000), ("kills", 50), ("copies", 2), ("partitions", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--cluster", action="store_true", help="three RabbitMQ nodes in place of one")
    parser.add_argument("--pooled", action="store_true", help="a PgBouncer before the databases")
    given = parser.parse_args()
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

    done = run(Given(**vars(given)), say)
    print(f"seed {given.seed}\n{done.table()}")
    print("nothing lost, nothing twice" if done.is_clean else "THIS MUST NOT BE")
    return 0 if done.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
