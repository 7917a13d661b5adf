"""What an hour of a long run leaves behind: memory, tables, what waits, and the work that it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module

import psutil
from kombu import Connection

from shared.bus.rabbit.topology import all_queues
from shared.database.pool import Database
from shared.personal_data.declaration import OnErasure, PersonalData, Table
from shared.vocabulary.personal_data import Kept
from tests.bench.latency import Ground

FOR_GOOD = frozenset({Kept.ERASURE, Kept.SUPPRESSION})
KEYS_OF_FIGURES = frozenset({"message_seen", "delivery_left"})
"""What was counted or done once: it says nothing of a guest, and stays as the figures do."""
BROKER, DATABASE = "RabbitMQ", "PostgreSQL"
HEADING = (
    "       mails   until all  CPU ms a message:                          RSS  tables  for good     dead  waiting\n"
    "hour    sent   is at rest    roles  PostgreSQL  RabbitMQ              MB      MB        MB     rows"
)


@dataclass(frozen=True)
class Hour:
    """`memory`: RSS by process, in bytes; `tables`: with their indexes, in bytes, `for_good` those of which something
    stays by their declaration; `work`: CPU of the hour by who did it, ms a message; `dead`: rows that no vacuum took
    away yet, `dead_for_good` of those tables; `waiting`: in outboxes and queues; `seconds`: until all was at rest.
    """

    number: int
    sent: int
    seconds: float
    memory: Mapping[str, float]
    tables: Mapping[str, float]
    for_good: Mapping[str, float]
    work: Mapping[str, float]
    dead: int
    dead_for_good: int
    waiting: int

    @property
    def bytes(self) -> float:
        return sum(self.tables.values())

    def line(self) -> str:
        others = {BROKER, DATABASE}
        roles = sum(spent for who, spent in self.work.items() if who not in others)
        sizes = (sum(self.memory.values()), self.bytes, sum(self.for_good.values()))
        return (
            f"{self.number:4} {self.sent:7,} {self.seconds:10.1f} s {roles:8.2f} {self.work[DATABASE]:11.2f} "
            f"{self.work[BROKER]:9.2f} {sizes[0] / 1e6:15,.0f} {sizes[1] / 1e6:7.1f} {sizes[2] / 1e6:9.2f} "
            f"{self.dead + self.dead_for_good:8,} {self.waiting:8,}"
        )


def measure(ground: Ground, number: int, sent: int, work: Mapping[str, float], seconds: float) -> Hour:
    """`work`: CPU seconds of each."""
    tables: dict[str, float] = {}
    for_good: dict[str, float] = {}
    dead, dead_for_good, waiting = 0, 0, _in_queues(ground)
    for service in ground.group.services.values():
        stays = _that_stay(service.name)
        for table, size, dead_rows in _tables(service.database):
            (for_good if table in stays else tables)[f"{service.name} {table}"] = float(size)
            dead, dead_for_good = dead + dead_rows * (table not in stays), dead_for_good + dead_rows * (table in stays)
        with service.database.transaction() as tx:
            waiting += (tx.execute("select count(*) from outbox where published_at is null").fetchone() or (0,))[0]
    shares = {who: spent * 1000 / max(sent, 1) for who, spent in work.items()}
    return Hour(number, sent, seconds, memory(ground), tables, for_good, shares, dead, dead_for_good, waiting)


def memory(ground: Ground) -> dict[str, float]:
    """RSS in bytes of every role and the broker; of the database what its processes hold for themselves alone, since
    each shows what all share."""
    found = {who: sum(map(_rss, members)) for who, members in _roles(ground)}
    found[BROKER] = sum(map(_rss, _broker(ground)))
    found[DATABASE] = sum(map(_own, _database(ground)))
    return found


def _rss(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        return float(process.memory_info().rss)
    return 0.0


def _own(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        return float(process.memory_full_info().uss)
    return 0.0


def work_done(ground: Ground) -> dict[str, float]:
    """CPU seconds so far, of a database's ended sessions too."""
    found = {who: sum(map(_spent, members)) for who, members in _roles(ground)}
    found[BROKER] = sum(map(_spent, _broker(ground)))
    found[DATABASE] = sum(map(_spent, _database(ground)))
    return found


def _spent(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):
        times = process.cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


def _roles(ground: Ground) -> Iterator[tuple[str, list[psutil.Process]]]:
    for role in ground.fleet.roles:
        own = psutil.Process(role.process)
        yield str(role), [own, *own.children(recursive=True)]


def _database(ground: Ground) -> list[psutil.Process]:
    postmaster = psutil.Process(ground.fleet.postgres.pid)
    return [postmaster, *postmaster.children(recursive=True)]


def _broker(ground: Ground) -> list[psutil.Process]:
    node = psutil.Process(int((ground.folder / "rabbitmq" / "pid").read_text()))
    return [node, *node.children(recursive=True)]


def _in_queues(ground: Ground) -> int:
    subscriptions = {service.name: service.subscriptions for service in ground.group.services.values()}
    with Connection(ground.fleet.broker.url) as connection:
        channel = connection.default_channel
        return sum(queue(channel).queue_declare(passive=True).message_count for queue in all_queues(subscriptions))


def _that_stay(service: str) -> set[str]:
    """Tables some of whose rows outlive every term: as what became of a message, without the guest."""
    data: PersonalData = import_module(f"services.{service}.personal_data").PERSONAL_DATA
    return {table.name for table in data.tables if _stays(table)} | KEYS_OF_FIGURES


def _stays(table: Table) -> bool:
    outlives_its_guest = table.guests is not None and table.on_erasure in (OnErasure.BLANKED, OnErasure.STAYS)
    goes_later = table.dropped is not None or table.leaves is not None
    return table.kept in FOR_GOOD or (outlives_its_guest and not goes_later)


def _tables(database: Database) -> list[tuple[str, int, int]]:
    """Each with its parts, indexes and what is stored beside it: bytes, and rows that are dead and not cleared away."""
    with database.transaction() as tx:
        return tx.execute(TABLES).fetchall()


TABLES = """
    select coalesce(inhparent::regclass::text, relname), sum(pg_total_relation_size(pg_class.oid))::bigint,
           sum(coalesce(pg_stat_get_dead_tuples(pg_class.oid), 0))::bigint
    from pg_class left join pg_inherits on inhrelid = pg_class.oid
    where relkind = 'r' and relnamespace = 'public'::regnamespace group by 1
"""
