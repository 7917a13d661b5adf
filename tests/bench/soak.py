"""A long run: `python -m tests.bench.soak [--hours 24] [--an-hour 5000] [--minutes 20]`, an hour a month apart.

Every role of every service is a process of its own over RabbitMQ and a PostgreSQL that keeps what it says it keeps;
only the clock is moved. In each simulated hour so many messages go out: a file of guests who left yesterday is
imported, each gets a survey and, who allows it, an offer. Once all is at rest the clock goes on to the next month by
way of its nights, so that what runs by the day comes round: outboxes and inboxes are pruned, months are made and
dropped, guests whose term is over go, and autovacuum does what it finds due. Terms are shortened to fit: guests a month
after their stay, words and decisions to the end of their month, files a week. So from the fifth hour on as much goes as
comes.

From then on, by the hour: the RSS of every process, the bytes of every table with its indexes, dead rows, what waits
in outboxes and queues, and CPU a message. Each is fitted with a line. It is flat where the line rises over the hours
judged by at most a tenth of the mean, or by what says nothing: 6 MB of a process, 512 KiB of a table, 0.2 ms a
message. Some rows stay for good by their declaration: what became of a message without its guest, what was counted,
erasures, objections. Those tables grow, and what is judged of them is their bytes, and their dead rows (autovacuum
leaves a share of a table), by all messages until then. At the end every table is written anew (`vacuum full`), and what
stays for good is told by message. Exit status 1 where anything is not flat.

A session of the database keeps a plan of what it was asked five times, and lives through all these months here, where
it is elsewhere renewed after an hour. What is asked once a month or a quarter adds to it for many hours, so that the
database's memory is judged by the second half of them.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import accumulate

import psycopg

from shared.bus.roles import Service
from shared.database import months
from shared.database.pool import Database
from shared.personal_data.retention import store
from shared.personal_data.retention.run import Retention, night_of
from shared.vocabulary.personal_data import Kept
from tests.bench.flat import Judged, judge, judge_all
from tests.bench.latency import Ground, await_hotel, ground
from tests.bench.measured import DATABASE, HEADING, Hour, measure, work_done
from tests.chaos.campaign import Invited, hand_over, write_files
from tests.chaos.rest import Rest
from tests.observability.role import until

A_GUEST = 5 / 3  # messages: a survey, and to two thirds an offer
SETTLED = 4  # hours until as much goes as comes
STEEPEST = 12  # are told
AT = timedelta(hours=9, minutes=30)
PROCESS, TABLE, WORK, DEAD = 6e6, 512 * 1024, 0.2, 10_000  # bytes, bytes, CPU ms a message, rows
TERMS: dict[Kept, tuple[int | None, int | None]] = {  # days, months
    Kept.GUEST: (None, 1),
    Kept.MEMBER: (None, 1),
    Kept.MESSAGE_TEXT: (1, None),
    Kept.DECISION: (1, None),
    Kept.IMPORT_FILE: (7, None),
    Kept.DEAD_LETTER: (7, None),
    Kept.SESSION: (2, None),
    Kept.INBOUND: (14, None),
}
wait_until = partial(until, seconds=900.0)


@dataclass
class Soak:
    """`hours`: what was measured at the end of each."""

    ground: Ground
    an_hour: int
    hours: list[Hour] = field(default_factory=list)
    _rest: Rest = field(init=False)
    _guests: int = 0

    def __post_init__(self) -> None:
        at = self.ground
        self._rest = Rest(at.group, at.clock, at.folder, lambda _: None, within=900.0)

    def begin(self) -> None:
        """The hotel is known everywhere, the terms are set, and each nightly run knows its first night."""
        await_hotel(self.ground)
        for service in self.ground.group.services.values():
            rows = [(kept, days, months_) for kept, (days, months_) in TERMS.items()]
            with service.database.transaction() as tx:
                for row in rows:
                    tx.execute(TERM, row)
            wait_until(partial(_knows_its_first_night, service.database))
        self._rest.wait()
        self._pass_month()

    def play(self, hours: int) -> Iterator[Hour]:
        for number in range(1, hours + 1):
            before, arrived, began = work_done(self.ground), self.ground.count_arrivals(), time.monotonic()
            self._send_an_hour()
            seconds, sent = time.monotonic() - began, self.ground.count_arrivals() - arrived
            work = {who: spent - before.get(who, 0.0) for who, spent in work_done(self.ground).items()}
            self._pass_month()
            self.hours.append(measure(self.ground, number, sent, work, seconds))
            yield self.hours[-1]

    def judged(self) -> Iterator[Judged]:
        """Worst first, kind by kind; of the hours from which on as much goes as comes."""
        hours = self.hours[SETTLED:]
        yield from judge_all([without_database(hour.memory) for hour in hours], PROCESS)
        later = self.hours[max(SETTLED, len(self.hours) // 2) :]
        yield judge(f"memory of {DATABASE}", [hour.memory[DATABASE] for hour in later], PROCESS)
        yield from judge_all([hour.tables for hour in hours], TABLE)
        yield from judge_all([hour.work for hour in hours], WORK)
        yield judge("all tables but those that stay, bytes", [hour.bytes for hour in hours], TABLE)
        yield judge("dead rows", [hour.dead for hour in hours], DEAD)
        yield judge("what waits, messages", [hour.waiting for hour in hours], 0)
        sent = list(accumulate(hour.sent for hour in self.hours))[SETTLED:]
        stays = [sum(hour.for_good.values()) / so_far for hour, so_far in zip(hours, sent, strict=True)]
        yield judge("what stays for good, bytes a message", stays, 0)
        dead = [hour.dead_for_good / so_far for hour, so_far in zip(hours, sent, strict=True)]
        yield judge("dead rows of what stays for good, a message", dead, DEAD / max(sent, default=1))

    def stays(self) -> dict[str, float]:
        """Bytes a message by table for good, once every table is written anew; the heaviest first."""
        for service in self.ground.group.services.values():
            with psycopg.connect(service.database.dsn, autocommit=True) as connection:
                connection.execute("vacuum full")
        sent, sizes = sum(hour.sent for hour in self.hours), measure(self.ground, 0, 0, {}, 0).for_good
        return {name: size / sent for name, size in sorted(sizes.items(), key=lambda one: -one[1])}

    def _send_an_hour(self) -> None:
        count = round(self.an_hour / A_GUEST)
        numbers = range(self._guests, self._guests + count)
        everybody = [Invited(one, "email", f"guest{one}@mail.example.com", one % 3 != 0) for one in numbers]
        self._guests += count
        for path in write_files(self.ground.folder / f"files-{self._guests}", everybody, 1, self.ground.clock.now()):
            hand_over(self.ground.group, path, self.ground.clock.now())
        self._rest.wait()

    def _pass_month(self) -> None:
        """By way of the nights at which outboxes, inboxes and whatever has a term lose what is over."""
        clock = self.ground.clock
        first = months.after(months.month_of(clock.now()))
        for then in (clock.now() + timedelta(days=8), first + AT, _a_tuesday(first) + AT):
            clock.move_on(max(then - clock.now(), timedelta()))
            night = night_of(clock.now())
            for service in self.ground.group.services.values():
                wait_until(partial(_night_is_over, service, night))
            self._rest.wait()
        for service in self.ground.group.services.values():
            wait_until(partial(is_vacuumed, service.database))


def without_database(memory: Mapping[str, float]) -> dict[str, float]:
    return {who: size for who, size in memory.items() if who != DATABASE}


def is_vacuumed(database: Database) -> bool:
    """Whether autovacuum has come round to all that is due by its own rules, as it does in any month that lasts one."""
    with database.transaction() as tx:
        return tx.execute(DUE).fetchone() == (0,)


def _knows_its_first_night(database: Database) -> bool:
    with database.transaction() as tx:
        return store.known_first_night(tx) is not None


def _night_is_over(service: Service, night: date) -> bool:
    (retention,) = (clock for clock in service.clocks if isinstance(clock, Retention))
    with service.database.transaction() as tx:
        runs = store.runs_of(tx, night)
    return all(one.name in runs and runs[one.name].place is None for one in retention._subjects)


def _a_tuesday(month: datetime) -> datetime:
    """Its second, in whose morning hotels may write."""
    return month + timedelta(days=7 + (1 - month.weekday()) % 7)


DUE = """
    select count(*) from (
        select one.oid, one.reltuples, coalesce(one.reloptions, whose.reloptions) as options
        from pg_class one left join pg_class whose on whose.reltoastrelid = one.oid
        where one.relkind in ('r', 't') and one.relnamespace in ('public'::regnamespace, 'pg_toast'::regnamespace)
    ) as stored cross join lateral (
        select coalesce(max(option_value) filter (where option_name = 'autovacuum_vacuum_threshold'),
                   current_setting('autovacuum_vacuum_threshold'))::float as rows,
               coalesce(max(option_value) filter (where option_name = 'autovacuum_vacuum_scale_factor'),
                   current_setting('autovacuum_vacuum_scale_factor'))::float as share,
               count(*) filter (where option_name = 'autovacuum_enabled') as is_off
        from pg_options_to_table(options)
    ) as due
    where is_off = 0 and pg_stat_get_dead_tuples(oid) > rows + share * greatest(reltuples, 0)
"""
TERM = "insert into retention_term (kept, country, version, days, months) values (%s, '', 1, %s, %s)"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.soak")
    parser.add_argument("--hours", type=int, default=24)
    parser.add_argument("--an-hour", type=int, default=5000, help="messages")
    parser.add_argument(
        "--minutes", type=float, default=1440.0, help="no hour begins after so many; what there is counts"
    )
    given = parser.parse_args()
    over = time.monotonic() + 60 * given.minutes
    with ground(offers_at="checked_out") as at_work:
        soak = Soak(at_work, given.an_hour)
        soak.begin()
        print(HEADING, flush=True)
        for hour in soak.play(given.hours):
            print(hour.line(), flush=True)
            if time.monotonic() > over:
                break
        stays = soak.stays()
        print(f"what stays for good: {sum(stays.values()):,.0f} bytes a message, written anew; most of it:")
        print(", ".join(f"{name} {share:,.0f}" for name, share in list(stays.items())[:STEEPEST]))
    return report(list(soak.judged()))


def report(judged: Sequence[Judged]) -> int:
    """The exit status."""
    for one in sorted(judged, key=lambda one: one.allowed - one.rise)[:STEEPEST]:
        print(f"{one.name}: {one.mean:,.1f} on average, rises by {one.rise:,.1f} of {one.allowed:,.1f} allowed")
    rises = [one for one in judged if not one.is_flat]
    print(f"{len(judged) - len(rises)} of {len(judged)} are flat; not flat: {[one.name for one in rises] or 'none'}")
    return int(bool(rises))


if __name__ == "__main__":
    sys.exit(main())
