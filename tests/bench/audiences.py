"""How long audiences take: `python -m tests.bench.audiences [guests] [stays] [rules]`.

By default 1,000,000 guests, 3,000,000 stays and 200 rules, of which 20 are in use: the facts of everybody, the full
evaluation with its differences said, the same again (nothing to say), 500 changed guests, 50 changed guests, and one
night's sweep. A quarter of the guests and stays comes first: what four times as many cost must not be more than 4.4
times as much. Each figure with a limit stands beside it; `CPU` is what the database and this process used, which says
more than the seconds where others use the machine. Everybody is evaluated by as many at once as roles do by default.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any
from uuid import UUID

import psutil

from services.segments.clock import Sweep
from services.segments.commands.evaluation.evaluate import Moved, evaluate_moved
from services.segments.commands.evaluation.full_evaluation import evaluate_all
from services.segments.commands.segments.lifecycle import save_segment, use_segment
from services.segments.store.evaluation.facts import guests_after, refresh_facts
from shared.crypto.sealing import KeyRing
from shared.database.migrate import SHARED_MIGRATIONS, migrate
from shared.database.pool import Database, Tx
from shared.embedded.server import EmbeddedPostgres
from shared.settings.services import EVALUATORS

NOON = datetime(2016, 6, 1, 12, tzinfo=UTC)
MIGRATIONS = Path("services/segments/migrations")
ZONES = ("Europe/Lisbon", "Europe/London", "Europe/Paris", "Europe/Berlin", "America/Sao_Paulo", "Asia/Shanghai")

GUESTS = """
    insert into guest (id, version, given_name, family_name, birth_date, language, country, home_zone, home_property,
        tier, tags, first_said_at, first_reservation, created_at, changed_at)
    select md5('guest ' || n)::uuid, 1, 'G', 'T',
        case when n %% 2 = 0 then date '1940-01-01' + (n::bigint * 7919 %% 24000)::int end,
        (array['en', 'pt', 'de', 'fr', 'es', 'zh'])[1 + n %% 6],
        (array['PT', 'GB', 'DE', 'FR', 'BR', 'CN'])[1 + n %% 6],
        (%(zones)s::text[])[1 + n %% 6], (array['LIS', 'ALG'])[1 + n %% 2],
        (array[null, null, null, null, 'silver', 'gold', 'platinum'])[1 + n %% 7],
        case when n %% 10 = 0 then array['vegan'] when n %% 11 = 0 then array['golf', 'spa'] else '{}' end,
        %(at)s, 'R', %(at)s, %(at)s
    from generate_series(1, %(guests)s::int) as n
"""
STAYS = """
    insert into stay (id, version, source, property, reservation, guest_id, zone, status, booked_on, booked_at,
        arrival, departure, nights, checked_in_at, checked_out_at, checked_out_on, ended_at, ended_on, channel,
        market_segment, room_type, rate, revenue, lead_days, row_hash, changed_at)
    select md5('stay ' || n)::uuid, 1, 'bench', (array['LIS', 'ALG'])[1 + n %% 2], n::text,
        md5('guest ' || guest)::uuid,
        'Europe/Lisbon', status, arrival - 20, (arrival - 20)::timestamp at time zone 'UTC', arrival, arrival + nights,
        nights, case when status = 'checked_out' then arrival::timestamp at time zone 'UTC' end,
        case when status = 'checked_out' then (arrival + nights)::timestamp at time zone 'UTC' end,
        case when status = 'checked_out' then arrival + nights end,
        case when status = 'cancelled' then arrival::timestamp at time zone 'UTC' end,
        case when status = 'cancelled' then arrival end,
        (array['Direct', 'TA/TO', 'Corporate'])[1 + n %% 3], (array['Direct', 'Groups', 'Online TA'])[1 + n %% 3],
        (array['A', 'B', 'C', 'D'])[1 + n %% 4], 100, nights * (50 + n %% 150), 20, '', %(at)s
    from (
        select n, 1 + (n::bigint * 48271 %% %(guests)s)::int as guest, n %% 6 as nights,
            case when n %% 4 = 0 then 'cancelled' when n %% 37 = 0 then 'booked' else 'checked_out' end as status,
            case when n %% 37 = 0 and n %% 4 <> 0 then date '2016-06-02' + n %% 200
                else date '2016-05-25' - (n * 31 %% 1200) end as arrival
        from generate_series(1, %(stays)s::int) as n
    ) as made
"""


def rules(count: int) -> list[dict[str, Any]]:
    """Rules such as marketers write: three conditions each, every third with a window over stays."""
    chance = Random(7)
    return [rule(chance, number) for number in range(count)]


def rule(chance: Random, number: int) -> dict[str, Any]:
    plain: list[dict[str, Any]] = [
        {"fact": "language", "op": "in", "value": chance.sample(["en", "pt", "de", "fr", "es", "zh"], 2)},
        {"fact": "last_checkout", "op": "at_least", "value": chance.choice([30, 60, 90, 180, 365])},
        {"fact": "tier", "op": "is", "value": chance.choice(["silver", "gold", "platinum"])},
        {"fact": "birthday_in", "op": "between", "value": [0, chance.choice([7, 14, 30])]},
        {"fact": "stays", "op": "at_least", "value": chance.choice([1, 2, 3])},
        {"fact": "country", "op": "is", "value": chance.choice(["PT", "GB", "DE", "FR"])},
        {"fact": "tags", "op": "has_any", "value": ["golf", "vegan"]},
        {"not": {"fact": "bookings", "op": "at_least", "value": 1}},
    ]
    chosen = chance.sample(plain, 2)
    where: dict[str, Any] = {"window_days": chance.choice([90, 180, 365])}
    if chance.random() < 0.5:
        where["property"] = chance.choice(["LIS", "ALG"])
    fact = chance.choice(["stays", "nights", "spend"])
    windowed = {"fact": fact, "where": where, "op": "at_least", "value": {"stays": 1, "nights": 4, "spend": 300}[fact]}
    third = windowed if number % 3 == 0 else chance.choice(plain)
    return {"any" if number % 5 == 0 else "all": [*chosen, third]}


Costs = dict[str, float]
"""CPU seconds by what was done."""
LIMITS = {  # seconds on two cores, of 1,000,000 guests, 3,000,000 stays and 200 rules
    "facts of everybody": 60,
    "full evaluation, everything new": 150,
    "full evaluation, nothing changed": 40,
}
MOST_FOR_FOUR_TIMES = 4.4
DEFAULT = (1_000_000, 3_000_000, 200)


@contextmanager
def timed(what: str) -> Iterator[None]:
    start = perf_counter()
    yield
    print(f"{what}: {perf_counter() - start:.3f} s", flush=True)


@contextmanager
def weighed(what: str, server: EmbeddedPostgres, costs: Costs) -> Iterator[None]:
    """Seconds, and CPU seconds of this process and of the database, whatever sessions came and went."""
    start, python, postgres = perf_counter(), process_time(), cpu_seconds(server)
    yield
    seconds, python, postgres = perf_counter() - start, process_time() - python, cpu_seconds(server) - postgres
    costs[what] = python + postgres
    print(f"{what}: {seconds:.1f} s, CPU {costs[what]:.1f} s, of it Python {python:.1f}", flush=True)


def cpu_seconds(server: EmbeddedPostgres) -> float:
    """Of all processes of the server, those that have ended included."""
    first = psutil.Process(server.pid)
    total = first.cpu_times().children_user + first.cpu_times().children_system
    for process in first.children():
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return float(total)


def fill(database: Database, server: EmbeddedPostgres, guests: int, stays: int, costs: Costs) -> None:
    with timed(f"{guests:,} guests and {stays:,} stays made"), database.transaction() as tx:
        tx.execute(GUESTS, {"guests": guests, "zones": list(ZONES), "at": NOON})
        tx.execute(STAYS, {"guests": guests, "stays": stays, "at": NOON})
    with timed("analysed"), database.transaction() as tx:
        tx.execute("analyze")
    with weighed("facts of everybody", server, costs):
        after: UUID | None = None
        while ids := refresh_next(database, after):
            after = ids[-1]
    with database.transaction() as tx:
        tx.execute("analyze")
        days = [(zone, date(2016, 6, 1), datetime(2016, 6, 1, 22, tzinfo=UTC)) for zone in ZONES]
        with tx.connection.cursor() as cursor:
            cursor.executemany("insert into zone_sweep values (%s, %s, %s)", days)


def refresh_next(database: Database, after: UUID | None) -> list[UUID]:
    with database.transaction() as tx:
        ids = guests_after(tx, after, 20_000)
        refresh_facts(tx, ids)
        return ids


def some_guests(tx: Tx, count: int) -> list[UUID]:
    rows = tx.execute("select guest_id from guest_facts order by md5(guest_id::text) limit %s", [count])
    return [guest for (guest,) in rows.fetchall()]


def change(database: Database, count: int) -> None:
    with database.transaction() as tx:
        guests = some_guests(tx, count)
        tx.execute("update guest set tier = 'gold', tags = '{golf}' where id = any(%s)", [guests])
    for occasion in ("first", "again"):
        with timed(f"{count} changed guests, {occasion}"), database.transaction() as tx:
            evaluate_moved(tx, [Moved(guest, {"kind": "guest", "what": "guest.changed"}) for guest in guests], NOON)
    start, times = perf_counter(), 20
    for _ in range(times):
        with database.transaction() as tx:
            evaluate_moved(tx, [Moved(guest, {"kind": "guest", "what": "guest.changed"}) for guest in guests], NOON)
    print(f"{count} changed guests, each of {times} more: {(perf_counter() - start) / times * 1000:.2f} ms")


def main(guests: int, stays: int, count: int) -> None:
    quarter = evaluated(guests // 4, stays // 4, count)
    whole = evaluated(guests, stays, count, all_of_it=True)
    for what, limit in LIMITS.items():
        beside = f", {whole[what]:.0f} of at most {limit} s CPU" if (guests, stays, count) == DEFAULT else ""
        print(f"{what}: {whole[what] / quarter[what]:.2f} (at most {MOST_FOR_FOUR_TIMES}) × a quarter{beside}")


def evaluated(guests: int, stays: int, count: int, *, all_of_it: bool = False) -> Costs:
    """What facts and full evaluations cost; with `all_of_it` the smaller occasions are timed too."""
    costs: Costs = {}
    with TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "home", durable=False) as server:
        dsn = server.admin_dsn("postgres")
        migrate(dsn, [SHARED_MIGRATIONS, MIGRATIONS], NOON)
        database = Database(dsn, service="segments", keyring=KeyRing.parse(KeyRing.fresh()))
        fill(database, server, guests, stays, costs)
        with database.transaction() as tx:
            for number, one in enumerate(rules(count)):
                save_segment(tx, f"bench-{number}", f"Bench {number}", one, NOON)
            for number in range(0, count, max(1, count // 20)):
                use_segment(tx, f"bench-{number}", NOON)
        with weighed("full evaluation, everything new", server, costs):
            evaluate_all(database, NOON, evaluators=EVALUATORS.default)
        report(database)
        with weighed("full evaluation, nothing changed", server, costs):
            evaluate_all(database, NOON + timedelta(seconds=1), evaluators=EVALUATORS.default)
        if all_of_it:
            change(database, 500)
            change(database, 50)
            turn_the_night(database)
            report(database)
        database.close()
    return costs


def turn_the_night(database: Database) -> None:
    due = Sweep(database).next_due()
    assert due is not None
    with timed("one night's sweep"):
        while due is not None and due < NOON + timedelta(days=1):
            Sweep(database).step(due)
            due = Sweep(database).next_due()


def report(database: Database) -> None:
    with database.transaction() as tx:
        row = tx.execute(
            """
            select (select sum(members) from segment_size), (select count(*) from membership_change),
                (select coalesce(sum(subjects), 0) from outbox), pg_size_pretty(pg_table_size('membership'))
            """
        ).fetchone()
        assert row is not None
        print(f"  memberships {row[0]:,}, logged {row[1]:,}, said {row[2]:,}, membership table {row[3]}", flush=True)


if __name__ == "__main__":
    sizes = [int(argument) for argument in sys.argv[1:]]
    main(*sizes, *DEFAULT[len(sizes) :])
