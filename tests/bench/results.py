"""What a journey brought, read: `python -m tests.bench.results [enrolments]`, by default 200,000 of a million guests.

What a page waits for, which shows what was counted last; what the role takes to count each way of telling results
apart; what home waits for, and what the role takes to count the month and the year that it and the key figures show;
and a calendar of a rehearsal with as many messages. One of five messages was clicked. `CPU` is what PostgreSQL used,
which says more than the seconds where others use the machine. Aim: a page under 300 ms.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from statistics import median
from time import perf_counter
from uuid import UUID

import psutil

from services.campaigns.commands.count_results import Asking, count_goals, count_results, count_won
from services.campaigns.config import Config
from services.campaigns.queries import calendar
from services.campaigns.queries.key_figures import won_rows
from services.campaigns.queries.results import By, Window, result_lines
from services.campaigns.service import SERVICE
from services.campaigns.store.rehearsal_sums import add_up
from shared.access.scope import EVERYWHERE
from shared.database.pool import Database, Tx
from shared.web.config import WebConfig
from tests.bench.ground import count_given, databases
from tests.cast import MARTA
from tests.web import browser

ENROLMENTS, OTHERS = 200_000, 800_000
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
A_MONTH, A_YEAR = datetime(2026, 2, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
WINDOW = Window(BEGAN, BEGAN + timedelta(days=90), timedelta(days=30))
REHEARSAL = UUID(int=1)
MADE = (
    "set local session_replication_role = replica",
    "insert into property_known (code, version, name, zone, currency) values "
    "('LIS', 1, 'Lisbon', 'Europe/Lisbon', 'EUR'), ('SHA', 1, 'Shanghai', 'Asia/Shanghai', 'CNY')",
    "insert into journey (key, name, state, live_version, launched_at, launched_by, changed_at) "
    "values ('spa', 'Spa', 'live', 1, %(began)s, 'Mia', %(began)s)",
    "insert into journey_version (journey, version, document, published_at, published_by) "
    "values ('spa', 1, '{}', %(began)s, 'Mia')",
    "insert into guest_known (guest_id, version, zone) select md5('g' || n)::uuid, 1, 'Europe/Lisbon' "
    "from generate_series(1, %(all)s) as n",
    """
    insert into enrolment (id, journey, version, guest_id, occurrence, plan, step, state, lane, entered_at, zone,
        property, data, changed_at)
    select md5('e' || n)::uuid, 'spa', 1, md5('g' || n)::uuid, 'lapse:' || n, 1, 'first', 'done', 'marketing',
           %(began)s + n %% 90 * interval '1 day', 'Europe/Lisbon', case n %% 2 when 0 then 'LIS' else 'SHA' end,
           '{}', %(began)s from generate_series(1, %(count)s) as n
    """,
    """
    insert into message (id, enrolment_id, step, plan, due_at, requested_at, version, state, reason, settled_at,
        channel, parts, cost, currency, language, receipt, clicked_at)
    select md5('m' || n || step)::uuid, md5('e' || n)::uuid, step, 1, at, at, 1,
           case when n %% 10 = 0 then 'skipped' else 'sent' end, case when n %% 10 = 0 then 'holdout' end, at,
           'email', 1, 0.01, 'EUR', case n %% 3 when 0 then 'en' else 'zh' end,
           case when n %% 10 = 0 then null else 'delivered' end,
           case when n %% 10 in (3, 7) then at + interval '2 hours' end
    from generate_series(1, %(count)s) as n, unnest(array['first', 'second']) as step,
         lateral (select %(began)s + n %% 90 * interval '1 day' as at) as due
    """,
    """
    insert into stay_known (stay_id, version, guest_id, property, reservation, status, booked_at, zone, arrival,
        departure, revenue, currency)
    select md5('s' || n)::uuid, 1, md5('g' || n)::uuid, 'LIS', 'R' || n, 'booked',
           %(began)s + (n * 7) %% 120 * interval '1 day', 'Europe/Lisbon', '2026-09-01', '2026-09-04', 300, 'EUR'
    from generate_series(1, %(all)s) as n
    """,
    """
    insert into rehearsal (id, days, at, until, launches, state, asked_by, asked_at, changed_at)
    values (%(rehearsal)s, 90, %(began)s, %(began)s + interval '90 days', '[]', 'done', 'Mia', %(began)s, %(began)s)
    """,
    """
    insert into rehearsal_line (rehearsal_id, number, guest_id, message_id, at, zone, day, hour, journey, step,
        template, occurrence, purpose, property, state, channel, language, parts)
    select %(rehearsal)s, n, md5('g' || n)::uuid, md5('r' || n)::uuid, %(began)s + n %% 90 * interval '1 day',
           'Europe/Lisbon', (%(began)s + n %% 90 * interval '1 day')::date, 8 + n %% 12, 'journey-' || n %% 20, 'first',
           'spa', 'x', 'marketing', case n %% 3 when 0 then 'LIS' when 1 then 'SHA' end, 'sent', 'email', 'en', 0
    from generate_series(1, %(count)s) as n
    """,
)


def main() -> None:
    count = count_given(ENROLMENTS)
    with databases() as make:
        database = make("campaigns")
        values = {"count": count, "all": count + OTHERS, "began": BEGAN, "rehearsal": REHEARSAL}
        with database.transaction() as tx:
            for statement in MADE:
                tx.execute(statement, values)
        with database.transaction() as tx:
            tx.execute("analyze")
        measure(database, "added up", lambda tx: add_up(tx, REHEARSAL))
        for time in ("first", "again"):
            measure(database, f"a page asks, {time}", asked_for)
        for by in By:
            measure(database, f"counted by {by}", partial(results, by))
        for what, since, until in (("month", BEGAN, A_MONTH), ("year", BEGAN, A_YEAR)):
            for time in ("first", "again"):
                measure(database, f"a {what} won, {time}", partial(asked_of_won, since, until))
            measure(database, f"counted, a {what}", partial(won_rows, since=since, until=until, scope=EVERYWHERE))
        open_home(database)
        last = date(2026, 1, 30)
        measure(database, "calendar", lambda tx: calendar.rehearsed(tx, REHEARSAL, BEGAN.date(), last, EVERYWHERE))


def asked_for(tx: Tx) -> object:
    """What a page of messages asks for."""
    asking = Asking(EVERYWHERE, WINDOW.until)
    found = [count_results(tx, "spa", WINDOW, by, asking) for by in (By.JOURNEY, By.STEP)]
    return [*found, count_goals(tx, "spa", WINDOW, asking)]


def asked_of_won(since: datetime, until: datetime, tx: Tx) -> object:
    return count_won(tx, since, until, Asking(EVERYWHERE, since + timedelta(days=20)))


def open_home(database: Database) -> None:
    """All that console's home page asks campaigns for, over HTTP's door."""
    at = BEGAN + timedelta(days=20)
    person = browser(SERVICE.build_web, Config(), database, MARTA, web=WebConfig(gateway="http://127.0.0.1:9"), at=at)
    took = []
    for _ in range(5):
        start = perf_counter()
        assert person.get("/campaigns/home").status_code == 200
        took.append(perf_counter() - start)
    print(f"{'/campaigns/home':24} {median(took) * 1000:8,.0f} ms, worst {max(took) * 1000:,.0f} ms", flush=True)


def results(by: By, tx: Tx) -> object:
    return result_lines(tx, "spa", WINDOW, by, EVERYWHERE)


def measure(database: Database, what: str, work: Callable[[Tx], object]) -> None:
    with database.transaction() as tx:
        row = tx.execute("select pg_backend_pid()").fetchone()
        assert row is not None
        backend = psutil.Process(row[0])
        start, before = perf_counter(), backend.cpu_times()
        work(tx)
        seconds, after = perf_counter() - start, backend.cpu_times()
    cpu = after.user + after.system - before.user - before.system
    print(f"{what:24} {seconds * 1000:8,.0f} ms, CPU {cpu * 1000:8,.0f} ms", flush=True)


if __name__ == "__main__":
    main()
