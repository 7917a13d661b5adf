"""How long a night of figures takes: `python -m tests.bench.figures [guests]`, by default 1,000,000 guests with three
stays each in five years, at two hotels.

Of segments: cohorts, loyalty and outlets, the classes, and the windows of a night (two months, a quarter and a year,
each with churn). Of console: the morning that judges warnings, on as many stays and two messages a guest in the last
half year, and what its pages wait for. Aim: the night under two minutes, a page under 300 ms. `CPU` is what the
database's session used, which says more than the seconds where others use the machine.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import perf_counter
from typing import Any
from uuid import UUID

import psutil

from services.console.commands.warnings.watch import watch
from services.console.queries.home import by_day
from services.console.queries.key_figures import revenue_in, sent_in, stays_in
from services.console.queries.sources import sources_in
from services.segments.commands.rfm.night import count_rfm
from services.segments.queries.rfm import sizes
from services.segments.rules.rfm import Bands
from services.segments.store.evaluation.facts import guests_after, refresh_facts
from services.segments.store.figures.churn import keep_churn
from services.segments.store.figures.cohorts import keep_cohorts
from services.segments.store.figures.counting import keep_counted
from services.segments.store.figures.loyalty import keep_loyalty
from services.segments.store.figures.outlets import keep_outlets
from services.segments.store.figures.partners import keep_partners
from services.segments.store.money.currencies import load_currencies
from shared.access.scope import EVERYWHERE
from shared.database.pool import Database, Tx
from shared.vocabulary.window import Span, last_windows
from tests.bench.audiences import GUESTS, ZONES
from tests.bench.ground import count_given, databases

DEFAULT, STAYS_EACH = 1_000_000, 3
NOW = datetime(2016, 6, 15, 2, 30, tzinfo=UTC)
TODAY = NOW.date()
HOTELS = """
    insert into property_known (code, version, name, zone, country, legal_entity, told_of_survey, currency)
    select code, 1, code, 'Europe/Lisbon', 'PT', 'A', true, 'EUR' from unnest(array['LIS', 'ALG']) as code
"""
STAYS = """
    insert into stay (id, version, source, property, reservation, guest_id, zone, status, booked_on, booked_at, arrival,
        departure, nights, checked_in_at, checked_out_at, checked_out_on, channel, market_segment, revenue, lead_days,
        row_hash, changed_at)
    select md5('stay ' || n)::uuid, 1, 'bench', (array['LIS', 'ALG'])[1 + n %% 2], n::text,
        md5('guest ' || 1 + (n::bigint * 48271 %% %(guests)s)::int)::uuid, 'Europe/Lisbon', 'checked_out', arrival - 20,
        (arrival - 20)::timestamp at time zone 'UTC', arrival, arrival + 1 + n %% 5, 1 + n %% 5,
        arrival::timestamp at time zone 'UTC', (arrival + 1 + n %% 5)::timestamp at time zone 'UTC',
        arrival + 1 + n %% 5, (array['Direct', 'Agent', 'Web', 'GDS'])[1 + n %% 4],
        (array['Leisure', 'Groups', 'Corporate'])[1 + n %% 3], (1 + n %% 5) * (50 + n %% 150), 20, '', %(now)s
    from generate_series(1, %(stays)s::int) as n,
        lateral (select date '2016-06-09' - (n::bigint * 7919 %% 1826)::int as arrival) as made
"""
COUNTED = """
    insert into stay_counted (stay_id, version, guest_id, property, channel, market, currency, booked_on, arrival,
        left_on, status, lead_days, nights, revenue)
    select md5('stay ' || n)::uuid, 1, md5('guest ' || n %% %(guests)s)::uuid, (array['LIS', 'ALG'])[1 + n %% 2],
        (array['Direct', 'Agent', 'Web', 'GDS'])[1 + n %% 4], (array['Leisure', 'Groups', 'Corporate'])[1 + n %% 3], '',
        arrival - 20, arrival, arrival + 2, 'checked_out', 20, 2, 100
    from generate_series(1, %(stays)s::int) as n,
        lateral (select date '2016-07-09' - (n::bigint * 7919 %% 1826)::int as arrival) as made
"""
DAYS = """
    insert into stay_day (day, property, channel, market, currency, bookings, lead_days, arrivals, cancelled, no_shows,
        stays, nights, priced, revenue)
    select left_on, property, channel, market, currency, count(*), 20 * count(*), count(*), 0, 0, count(*),
        sum(nights), count(*), sum(revenue)
    from stay_counted group by 1, 2, 3, 4, 5
"""
MESSAGES = """
    insert into message_seen (message_id, version, journey, purpose, property, state, reason, day, sent_at, channel)
    select md5('m' || n)::uuid, 1, 'journey-' || n %% 12, 'marketing', (array['LIS', 'ALG'])[1 + n %% 2],
        case when n %% 8 = 0 then 'skipped' else 'sent' end, case when n %% 8 = 0 then 'no_consent' end, at::date,
        case when n %% 8 = 0 then null else at end, 'email'
    from generate_series(%(first)s::int, %(last)s::int) as n,
        lateral (select %(now)s::timestamptz - n::float8 / %(messages)s * interval '182 days' as at) as made
"""
CHUNK = 50_000
OTHERS = Bands((10, 200), (3, 1), 365, (Decimal("1.5"), Decimal("0.55")))


def main() -> int:
    guests = count_given(DEFAULT)
    values: dict[str, Any] = {"guests": guests, "stays": guests * STAYS_EACH, "messages": guests * 2, "now": NOW}
    print(f"{guests:,} guests, {guests * STAYS_EACH:,} stays in five years", flush=True)
    with databases() as make:
        measure_segments(make("segments"), values)
        measure_console(make("console"), values)
    return 0


def measure_segments(database: Database, values: dict[str, Any]) -> None:
    with database.transaction() as tx:
        tx.execute(HOTELS)
        tx.execute(GUESTS, {**values, "zones": list(ZONES), "at": NOW})
        tx.execute(STAYS, values)
    with database.transaction() as tx:
        tx.execute("analyze")
    refreshed = fresh_facts(database, None)
    while refreshed:
        refreshed = fresh_facts(database, refreshed[-1])
    night = [
        weighed(database, "cohorts and new guests", lambda tx: keep_cohorts(tx, TODAY, NOW)),
        weighed(database, "loyalty", keep_loyalty),
        weighed(database, "outlets", lambda tx: keep_outlets(tx, TODAY)),
        weighed(database, "companies and channels", lambda tx: keep_partners(tx, TODAY)),
        weighed(database, "classes", lambda tx: count_rfm(tx, NOW)),
    ]
    for span, count in ((Span.MONTH, 2), (Span.QUARTER, 1), (Span.YEAR, 1)):
        for window in last_windows(span, TODAY, count):

            def count_window(tx: Tx, span: Span = span, window: Any = window) -> None:
                keep_counted(tx, span, window, TODAY, load_currencies(tx), NOW)
                keep_churn(tx, span, window, TODAY)

            night.append(weighed(database, f"the {span} from {window.first}", count_window))
    weighed(database, "classes by other borders, as a page tries them", lambda tx: sizes(tx, OTHERS, EVERYWHERE))
    print(f"the night together: {sum(night):.1f} s of 120", flush=True)


def fresh_facts(database: Database, after: UUID | None) -> list[UUID]:
    """Of the next twenty thousand guests."""
    with database.transaction() as tx:
        found = guests_after(tx, after, 20_000)
        refresh_facts(tx, found)
    return found


def measure_console(database: Database, values: dict[str, Any]) -> None:
    with database.transaction() as tx:
        tx.execute(COUNTED, values)
        tx.execute(DAYS)
    start = perf_counter()
    for first in range(1, values["messages"] + 1, CHUNK):
        with database.transaction() as tx:
            tx.execute(MESSAGES, {**values, "first": first, "last": min(first + CHUNK - 1, values["messages"])})
    print(f"{values['messages']:,} messages seen and added up by day: {perf_counter() - start:.1f} s", flush=True)
    with database.transaction() as tx:
        tx.execute("analyze")
    weighed(database, "warnings of a morning", lambda tx: watch(tx, NOW))
    year = last_windows(Span.YEAR, TODAY, 1)[0]
    weighed(database, "home: what went in 30 days", lambda tx: by_day(tx, TODAY - timedelta(days=30), EVERYWHERE))
    weighed(database, "key figures: offers of a year", lambda tx: sent_in(tx, NOW - timedelta(days=365), NOW, ""))
    weighed(database, "key figures: stays of a year", lambda tx: stays_in(tx, year, "", ["Direct"]))
    weighed(database, "key figures: revenue of a year", lambda tx: revenue_in(tx, year, ""))
    weighed(database, "sources of a year", lambda tx: sources_in(tx, year, "", "channel"))


def weighed(database: Database, what: str, work: Callable[[Tx], object]) -> float:
    """Seconds."""
    with database.transaction() as tx:
        row = tx.execute("select pg_backend_pid()").fetchone()
        assert row is not None
        backend = psutil.Process(row[0])
        start, before = perf_counter(), backend.cpu_times()
        work(tx)
        seconds, after = perf_counter() - start, backend.cpu_times()
    cpu = after.user + after.system - before.user - before.system
    print(f"{what}: {seconds:.3f} s, CPU {cpu:.2f} s", flush=True)
    return seconds


if __name__ == "__main__":
    sys.exit(main())
