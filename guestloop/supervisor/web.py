"""`python -m guestloop.supervisor.web`: the pages of all services behind one origin, on GUESTLOOP_BIND."""

from __future__ import annotations

import os
import signal
import sys

from guestloop.composition.child_processes import leave_interrupts_to_supervisor, when_abandoned
from guestloop.composition.services import build_group, databases_from
from guestloop.supervisor.gateway import build_apps, gateway
from shared.clock import SystemClock
from shared.errors import GuestloopError
from shared.settings.environment import read_setting_files
from shared.telemetry.logs import logs_to_stderr
from shared.web.config import WebConfig
from shared.web.server import Server

THREADS = 16  # a guest's page waits for the stories of three services, which are threads of the same process


def main() -> int:
    logs_to_stderr()
    environment, clock = os.environ, SystemClock()
    try:
        read_setting_files(environment)
        group = build_group(databases_from(environment), clock, environment)
        pages = gateway(build_apps(group, clock, environment))
        leave_interrupts_to_supervisor()
        when_abandoned(lambda: os.kill(os.getpid(), signal.SIGTERM))
        web = WebConfig.read(environment)
        Server(pages, web.address, threads=THREADS, is_behind_proxy=web.proxies > 0).run()
    except GuestloopError as error:
        print(f"web: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
