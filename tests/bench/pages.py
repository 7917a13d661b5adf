"""How long the pages take that add up: journeys at 200,000 enrolments, answers at 100,000; run as a module."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from services.campaigns.config import Config as CampaignsConfig
from services.campaigns.queries.journeys import lines, steps
from services.campaigns.service import SERVICE as CAMPAIGNS
from services.campaigns.shipped import install_shipped
from services.feedback.config import Config as FeedbackConfig
from services.feedback.service import SERVICE as FEEDBACK
from shared.access.scope import EVERYWHERE, scope_of
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing
from shared.database.migrate import SHARED_MIGRATIONS, migrate
from shared.database.pool import Database
from shared.embedded.server import EmbeddedPostgres
from shared.web.config import WebConfig
from tests.cast import ANTON, MARTA, NOW
from tests.conftest import KEYS
from tests.databases import MIGRATED_AT, SERVICES
from tests.web import Browser, browser

TIMES = 7
ENROLMENTS, ANSWERS, CHUNK = 200_000, 100_000, 2_000
SILENT = WebConfig(gateway="http://127.0.0.1:9")
COUNT = {"enrolments": ENROLMENTS, "answers": ANSWERS, "now": NOW, "since": datetime(2025, 11, 21, 12, tzinfo=UTC)}

ENROL = """
    insert into enrolment (id, journey, version, guest_id, occurrence, plan, step, state, lane, due_at, entered_at,
                           zone, property, data, changed_at)
    select md5('e' || n)::uuid, (array['win-back', 'birthday', 'post-stay-survey'])[1 + n %% 3], 1, md5('g' || n)::uuid,
           'o', 1, 'message', case when n %% 4 = 0 then 'waiting' else 'done' end, 'marketing',
           case when n %% 4 = 0 then %(now)s::timestamptz end, %(now)s::timestamptz - n * interval '2 minutes',
           'Europe/Lisbon', (array['LIS', 'SHA'])[1 + n %% 2], '{}', %(now)s
    from generate_series(%(first)s::int, %(last)s::int) as n
"""
ASK = """
    insert into message (id, enrolment_id, step, plan, due_at, requested_at)
    select md5('m' || n)::uuid, md5('e' || n)::uuid, 'message', 1, %(now)s, %(now)s
    from generate_series(%(first)s::int, %(last)s::int) as n where n %% 4 <> 0
"""
SETTLE = """
    update message set settled_at = %(now)s, version = 1,
        state = case when n %% 100 = 1 then 'failed' when n %% 5 = 1 then 'skipped' else 'sent' end,
        reason = case when n %% 5 = 1 then (array['no_consent', 'holdout', 'frequency_cap'])[1 + n %% 3] end
    from generate_series(%(first)s::int, %(last)s::int) as n where id = md5('m' || n)::uuid
"""
GUESTS = """
    insert into guest_known (guest_id, version, language)
    select md5('g' || n)::uuid, 1, (array['en', 'pt', 'de', 'zh-Hans'])[1 + n %% 4] from generate_series(1, 60000) as n
"""
STAYS = """
    insert into stay_known (stay_id, version, guest_id, property, reservation, status, arrival, departure)
    select md5('s' || n)::uuid, 1, md5('g' || n %% 60000 + 1)::uuid, (array['LIS', 'SHA'])[1 + n %% 2], 'R' || n,
           'checked_out', at::date - 3, at::date
    from generate_series(1, %(answers)s::int) as n,
         lateral (select %(since)s::timestamptz + n * (%(now)s::timestamptz - %(since)s) / %(answers)s as at) as t
"""
SURVEYS = """
    insert into message_known (message_id, version, guest_id, journey, purpose, property, stay_id, channel, sent_at)
    select md5('m' || n)::uuid, 1, md5('g' || n %% 60000 + 1)::uuid, 'post-stay-survey', 'feedback',
           (array['LIS', 'SHA'])[1 + n %% 2], md5('s' || n)::uuid, 'email', at
    from generate_series(1, %(answers)s::int) as n,
         lateral (select %(since)s::timestamptz + n * (%(now)s::timestamptz - %(since)s) / %(answers)s as at) as t
"""
ANSWER = """
    insert into survey_answer (message_id, answer_id, guest_id, stay_id, property, score, comment_sealed, channel,
                               answered_at, day)
    select md5('m' || n)::uuid, md5('a' || n)::uuid, md5('g' || n %% 60000 + 1)::uuid, md5('s' || n)::uuid,
           (array['LIS', 'SHA'])[1 + n %% 2], n * 7 %% 11, case when n %% 3 = 0 then %(words)s end, 'web', at, at::date
    from generate_series(%(first)s::int, %(last)s::int) as n,
         lateral (select %(since)s::timestamptz + n * (%(now)s::timestamptz - %(since)s) / %(answers)s as at) as t
"""

IMPROVEMENTS = """
    insert into improvement (improvement_id, version, property, title, topic, started_on, done_on, made_by, made_at)
    select md5('i' || n)::uuid, 1, (array['LIS', 'SHA'])[1 + n %% 2], 'Improvement ' || n, 'room',
           %(now)s::date - 200 - n, %(now)s::date - 150 - n, 'Marta Marques', %(now)s
    from generate_series(1, 50) as n
"""


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "pg", durable=False) as server:
        with database(server, "campaigns") as campaigns:
            measure_journeys(campaigns)
        with database(server, "feedback") as feedback:
            measure_answers(feedback)
    return 0


@contextmanager
def database(server: EmbeddedPostgres, service: str) -> Iterator[Database]:
    with psycopg.connect(server.admin_dsn(), autocommit=True) as connection:
        connection.execute(f"create database pages_{service}")
    dsn = server.admin_dsn(f"pages_{service}")
    migrate(dsn, [SHARED_MIGRATIONS, SERVICES / service / "migrations"], MIGRATED_AT)
    made = Database(dsn, service=service, keyring=KeyRing.parse(KEYS))
    try:
        yield made
    finally:
        made.close()


def fill_of(service: str, number: int) -> list[str]:
    """What a migration does with the rows that were there before."""
    (path,) = (SERVICES / service / "migrations").glob(f"{number:03d}_*.sql")
    text = path.read_text().split("-- What was there before.", 1)[1].split("\n", 1)[1].split("create trigger", 1)[0]
    return [statement for statement in text.split(";") if statement.strip()]


def in_chunks(database: Database, statement: str, most: int, **values: Any) -> float:
    """Seconds."""
    began = time.perf_counter()
    for first in range(1, most + 1, CHUNK):
        with database.transaction() as tx:
            tx.execute(statement, {**COUNT, **values, "first": first, "last": first + CHUNK - 1})
    return time.perf_counter() - began


def measure_journeys(database: Database) -> None:
    with database.transaction() as tx:
        install_shipped(tx, NOW)
    for what, statement in {"enrolled": ENROL, "asked for": ASK, "answered": SETTLE}.items():
        print(f"{ENROLMENTS:,} {what} in {in_chunks(database, statement, ENROLMENTS):.1f} s")
    with database.transaction() as tx:
        (tallies,) = tx.execute("select count(*) from journey_tally").fetchone() or (0,)
        print(f"{tallies:,} rows of tallies")
    tell("the query of the list", lambda: _in(database, lambda tx: lines(tx, EVERYWHERE)))
    tell(
        "the same, counted anew", lambda: _in(database, lambda tx: tx.execute("select * from journey_count").fetchall())
    )
    tell("the query of the steps", lambda: _in(database, lambda tx: steps(tx, "win-back", scope_of(["LIS"]))))
    person = browser(CAMPAIGNS.build_web, CampaignsConfig(), database, MARTA, web=SILENT)
    for path in ("/campaigns/journeys", "/campaigns/journeys/win-back", "/campaigns/home"):
        tell(path, lambda path=path: opened(person, path))  # type: ignore[misc]


def measure_answers(database: Database) -> None:
    with database.transaction() as tx:
        for statement in (GUESTS, STAYS, SURVEYS):
            tx.execute(statement, COUNT)
    person = browser(FEEDBACK.build_web, FeedbackConfig(), database, ANTON, web=SILENT)
    seconds = in_chunks(database, ANSWER, ANSWERS, words=database.keyring.seal("A lovely stay.", Sealing.WORDS))
    print(f"{ANSWERS:,} answers in {seconds:.1f} s")
    began = time.perf_counter()
    with database.transaction() as tx:
        tx.execute(
            "insert into property_known (code, version, name, zone, survey_threshold) values "
            "('LIS', 1, 'Lisbon', 'Europe/Lisbon', 6), ('SHA', 1, 'Shanghai', 'Asia/Shanghai', 6)"
        )
        for statement in fill_of("feedback", 3)[:1]:
            tx.execute(statement)
        tx.execute(IMPROVEMENTS, COUNT)
    print(f"the migration fills the voices in {time.perf_counter() - began:.1f} s")
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")
    for path in (
        "/feedback/answers",
        "/feedback/answers?days=365",
        "/feedback/answers?group=promoters",
        "/feedback/home",
        "/feedback/improvements",
    ):
        tell(path, lambda path=path: opened(person, path))  # type: ignore[misc]


def opened(person: Browser, path: str) -> None:
    assert person.get(path).status_code == 200, path


def _in(database: Database, work: Callable[[Any], object]) -> None:
    with database.transaction() as tx:
        work(tx)


def tell(what: str, work: Callable[[], object]) -> None:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    print(f"{what}: {statistics.median(taken):.0f} ms (worst {max(taken):.0f})", flush=True)


if __name__ == "__main__":
    sys.exit(main())
