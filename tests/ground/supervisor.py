"""A process that owns an embedded server, for tests that end it badly: `python -m tests.ground.supervisor FOLDER`."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import psycopg

from shared.embedded import programs as embedded_programs
from shared.embedded.home import throw_away_home
from shared.embedded.server import EmbeddedPostgres

PATIENCE = 300.0  # seconds; a busy machine is no failure


def main(folder: str, *wishes: str) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs tests in the background ignores it
    if "server outlives us" in wishes:
        vars(embedded_programs)["dies_with_parent"] = lambda _: None
    if folder == "throw away":
        with throw_away_home() as home, home.postgres():
            report(home.path)
    else:
        with EmbeddedPostgres(
            Path(folder), durable="durable" in wishes, start_within=PATIENCE, stop_within=PATIENCE
        ) as server:
            with psycopg.connect(server.admin_dsn()) as connection:
                connection.execute("create table if not exists kept (line text)")
                connection.execute("insert into kept values ('written before')")
            report(Path(folder))


def report(folder: Path) -> None:
    print(folder, flush=True)
    time.sleep(PATIENCE)


if __name__ == "__main__":
    main(*sys.argv[1:])
