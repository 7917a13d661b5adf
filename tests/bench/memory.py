"""What every role costs in memory: `python -m tests.bench.memory [guests]`, each a process of its own over RabbitMQ.

At rest, once all are ready, and the most of each while a file of so many guests is taken in and their journeys are
planned (two web processes a service: one serves, one watches it). RSS counts shared pages in full, PSS by their share.
The limit for a role at rest is 120 MB RSS.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from shared.clock import SystemClock
from shared.embedded.server import EmbeddedPostgres
from tests.bench.ground import count_given, rabbit
from tests.chaos.campaign import Invited, hand_over, open_for_business, write_files
from tests.observability.installation import Installation
from tests.observability.role import Role, until

LIMIT_MB = 120
SETTLED = 10.0  # seconds after the last role is ready
SAMPLE_EVERY = 1.0
Cost = dict[str, dict[str, float]]


def main(guests: int) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as name, rabbit() as broker:
        folder = Path(name)
        folder.chmod(0o755)
        with EmbeddedPostgres(folder / "pg") as server, closing(Installation(server, broker, folder)) as installation:
            open_for_business(installation.group, SystemClock().now() - timedelta(days=3))
            roles = installation.start_all()
            until(lambda: all(role.is_ready for role in roles), 180, "not every role came up")
            time.sleep(SETTLED)
            rest = cost_of(roles)
            report(rest, under_load(installation, roles, guests))


def under_load(installation: Installation, roles: list[Role], guests: int) -> Cost:
    """The most of each, sampled until everybody who came in is known to messaging."""
    now = SystemClock().now()
    everybody = [Invited(n, "email", f"guest{n}@mail.example.com", n % 2 == 0) for n in range(guests)]
    for path in write_files(installation.folder / "files", everybody, 1, now):
        hand_over(installation.group, path, now)
    most = cost_of(roles)
    while installation.count("messaging", "select count(*) from delivery") < guests:
        time.sleep(SAMPLE_EVERY)
        for role, cost in cost_of(roles).items():
            most[role] = {kind: max(value, most[role][kind]) for kind, value in cost.items()}
    return most


def cost_of(roles: list[Role]) -> Cost:
    return {f"{role.service} {role.role.split('.')[-1]}": role.memory() for role in roles}


def report(rest: Cost, load: Cost) -> None:
    print(f"{'role':24}{'at rest, RSS':>14}{'PSS':>8}{'at most, RSS':>16}{'PSS':>8}   MB")
    for role in sorted(rest):
        own, most = rest[role], load[role]
        print(f"{role:24}{own['rss']:14.0f}{own['pss']:8.0f}{most['rss']:16.0f}{most['pss']:8.0f}")
    workers = {role: cost["rss"] for role, cost in rest.items() if not role.endswith(" web")}
    fattest = max(workers, key=lambda role: workers[role])
    print(f"the fattest worker at rest: {fattest}, {workers[fattest]:.0f} MB of {LIMIT_MB}")
    print(f"all roles at rest: {sum(cost['pss'] for cost in rest.values()):.0f} MB PSS")


if __name__ == "__main__":
    main(count_given(5_000))
