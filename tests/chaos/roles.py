"""Where a fleet's roles come from: a process that has everything imported and makes each role by a fork.

A role is up in a fiftieth of a second this way and not in one and a half, and shares its program's memory with the
others. From the fork on it does what `python -m services.<name> <role>` does. Orders are JSON lines on standard input:
`{"service", "role", "environment", "log"}`; each is answered by the role's process number.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import runpy
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from shared.clock import SystemClock
from shared.embedded.programs import PR_SET_PDEATHSIG
from tests.chaos.clock import MovedClock

LIBC = ctypes.CDLL(None)


def become(order: dict[str, Any]) -> int:
    """This process is the role from now on; its exit status."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for descriptor, onto in ((os.open(os.devnull, os.O_RDONLY), 0), (log, 1), (log, 2)):
        os.dup2(descriptor, onto)
    os.environ.update(order["environment"])
    sys.argv = [f"services.{order['service']}", order["role"]]
    try:
        runpy.run_module(f"services.{order['service']}", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def main(clock_file: Path, names: list[str]) -> None:
    clock = MovedClock(clock_file)
    setattr(SystemClock, "now", lambda _: clock.now())  # noqa: B010
    for name in names:
        importlib.import_module(f"services.{name}.service")
    importlib.import_module("shared.process")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who died is not waited for
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        process = os.fork()
        if process == 0:
            status = 70
            try:
                status = become(order)
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(status)
        print(process, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
