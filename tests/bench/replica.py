"""What a replica takes off the primary: pages of feedback at 50,000 answers, read 40 times each; run as a module.

The processor time of both servers, all processes of each, without a replica and with one that is read from.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

import psutil
import psycopg

from services.feedback.config import Config
from services.feedback.service import SERVICE
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from tests.bench.pages import ANSWER, COUNT, GUESTS, SILENT, STAYS, SURVEYS, database, in_chunks, opened
from tests.cast import ANTON
from tests.conftest import KEYS
from tests.standby import Standby
from tests.web import browser

ANSWERS, TIMES = 50_000, 40
PATHS = ("/feedback/answers", "/feedback/answers?days=365", "/feedback/answers?group=promoters", "/feedback/home")


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        primary = EmbeddedPostgres(folder / "primary", durable=False, archived=True)
        with primary, database(primary, "feedback") as made:
            fill(made)
            with Standby(folder / "standby", primary) as standby:
                standby.catches_up()
                measure(primary, standby, "", "without a replica")
                measure(primary, standby, standby.admin_dsn("pages_feedback"), "with one")
    return 0


def fill(made: Database) -> None:
    with made.transaction() as tx:
        for statement in (GUESTS, STAYS, SURVEYS):
            tx.execute(statement, {**COUNT, "answers": ANSWERS})
    words = made.keyring.seal("A lovely stay.", Sealing.WORDS)
    in_chunks(made, ANSWER, ANSWERS, words=words, answers=ANSWERS)
    with psycopg.connect(made.dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")


def measure(primary: EmbeddedPostgres, standby: Standby, replica: str, what: str) -> None:
    dsn = primary.admin_dsn("pages_feedback")
    with closing(Database(dsn, service="feedback", keyring=KeyRing.parse(KEYS), replica=replica)) as made:
        person = browser(SERVICE.build_web, Config(), made, ANTON, web=SILENT)
        standby.catches_up()
        for path in PATHS:
            opened(person, path)
        before = seconds(primary), seconds(standby)
        for _ in range(TIMES):
            for path in PATHS:
                opened(person, path)
        taken = [
            (after - begun) * 1000 / (TIMES * len(PATHS))
            for begun, after in zip(before, (seconds(primary), seconds(standby)), strict=True)
        ]
        reads = dict(made.replica.figures.reads) if made.replica else Counter[str]()
        print(
            f"{what}: a page costs the primary {taken[0]:.1f} ms, the standby {taken[1]:.1f}; reads {dict(reads)}",
            flush=True,
        )


def seconds(server: EmbeddedPostgres) -> float:
    """Of processor time, of all its processes so far."""
    root = psutil.Process(server.pid)
    times = [one.cpu_times() for one in (root, *root.children(recursive=True))]
    return float(sum(one.user + one.system + one.children_user + one.children_system for one in times))


if __name__ == "__main__":
    sys.exit(main())
