"""What waits in a service's outbox, tables and queues, as gauges.

Collected at a scrape by the service's active relay alone, so that replicas do not count it twice: one statement of
index probes and one short question to the broker. Where one of them does not answer, its gauges are missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress

import psycopg
from kombu.exceptions import OperationalError
from kombu.transport.pyamqp import Transport
from prometheus_client.core import GaugeMetricFamily

from shared.bus.partitions.spread import WHOLE
from shared.bus.rabbit.connection import connect
from shared.bus.rabbit.topology import dead_queue, queues_of
from shared.bus.roles import MOST_COUNTED, Backlog, Service
from shared.clock import Clock
from shared.events.dictionary import Lane

BROKER_ERRORS = (*Transport.connection_errors, *Transport.channel_errors, OperationalError)
AT_ONCE = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}


BUS = Backlog(
    {
        "guestloop_outbox_pending": f"Messages written and not yet published (counted up to {MOST_COUNTED})",
        "guestloop_outbox_age_seconds": "Age of the oldest message not yet published; 0 where there is none",
        "guestloop_dead_letters": "Dead letters that wait for a person",
        "guestloop_database_bytes": "Size of the service's database",
        "guestloop_database_connections": "Connections to its server, of all databases",
        "guestloop_database_connections_allowed": "How many its server allows",
    },
    f"""
    select 'guestloop_outbox_pending' as gauge, lane, (
        select count(*) from (
            select from outbox where published_at is null and outbox.lane = lanes.lane limit {MOST_COUNTED}
        ) as pending
    )::float8 as value
    from (values ('stay'), ('marketing')) as lanes (lane)
    union all
    select 'guestloop_outbox_age_seconds', lane, coalesce((
        select extract(epoch from %(now)s - created_at) from outbox
        where published_at is null and outbox.lane = lanes.lane order by id limit 1
    ), 0)
    from (values ('stay'), ('marketing')) as lanes (lane)
    union all
    select 'guestloop_dead_letters', null, count(*) from (select from dead_letter limit {MOST_COUNTED}) as letters
    union all
    select 'guestloop_database_bytes', null, pg_database_size(current_database())
    union all
    select 'guestloop_database_connections', null, (select sum(numbackends) from pg_stat_database)
    union all
    select 'guestloop_database_connections_allowed', null, current_setting('max_connections')::int
    """,
)

OF_A_PARTITION = {
    "guestloop_partition_pending": f"Messages of a partition not yet published (of {MOST_COUNTED} at most); any: those"
    " that were split by another number",
    "guestloop_partition_age_seconds": "Age of the oldest of them; 0 where there is none",
}
PARTITIONS = f"""
    select coalesce(part::text, 'any'), count(created_at), coalesce(extract(epoch from %(now)s - min(created_at)), 0)
    from generate_series(0, %(partitions)s - 1) as own (part)
    full join (
        select case when partitions = %(partitions)s then outbox.part end as part, created_at
        from outbox where published_at is null limit {MOST_COUNTED}
    ) as pending using (part)
    group by 1
"""


class Waiting:
    """A collector for Prometheus' registry."""

    def __init__(self, service: Service, broker: str, clock: Clock, *, is_active: Callable[[], bool]) -> None:
        self._service, self._broker, self._clock, self._is_active = service, broker, clock, is_active
        own = service.backlog
        self._meanings = {**BUS.meanings, **own.meanings}
        self._sql = f"{BUS.sql} union all {own.sql}" if own.sql else BUS.sql

    def describe(self) -> list[GaugeMetricFamily]:
        """Registration asks neither database nor broker."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        if not self._is_active():
            return
        with suppress(psycopg.Error):
            yield from self._in_tables()
            yield from self._in_partitions()
        with suppress(*BROKER_ERRORS):
            yield self._in_queues()

    def _in_tables(self) -> Iterable[GaugeMetricFamily]:
        found = {
            name: GaugeMetricFamily(name, meaning, labels=["service", "lane"])
            for name, meaning in self._meanings.items()
        }
        with self._service.database.glance() as tx:
            for name, lane, value in tx.execute(self._sql, {"now": self._clock.now()}):
                found[name].add_metric([self._service.name, lane or ""], max(float(value), 0.0))
        return found.values()

    def _in_partitions(self) -> Iterable[GaugeMetricFamily]:
        """Where there is more than one."""
        partitions, service = self._service.database.partitions, self._service.name
        if partitions == WHOLE:
            return ()
        found = [GaugeMetricFamily(*one, labels=["service", "partition"]) for one in OF_A_PARTITION.items()]
        with self._service.database.glance() as tx:
            for name, *values in tx.execute(PARTITIONS, {"partitions": partitions, "now": self._clock.now()}):
                for family, value in zip(found, values, strict=True):
                    family.add_metric([service, name], max(float(value), 0.0))
        return found

    def _in_queues(self) -> GaugeMetricFamily:
        """Ready messages by subscription and lane; `dead` are dead-lettered by the broker and not fetched yet."""
        service, subscriptions = self._service.name, self._service.subscriptions
        family = GaugeMetricFamily(
            "guestloop_queue_messages", "Messages ready in the service's queues", labels=["service", "concern", "lane"]
        )
        with connect(self._broker, connect_timeout=2, heartbeat=0, transport_options=AT_ONCE) as connection:
            channel = connection.default_channel
            for lane in Lane:
                for subscription, queue in zip(subscriptions, queues_of(service, subscriptions, lane), strict=True):
                    ready = channel.queue_declare(queue.name, passive=True).message_count
                    family.add_metric([service, subscription.name, str(lane)], ready)
            dead = channel.queue_declare(dead_queue(service).name, passive=True).message_count
            family.add_metric([service, "dead", ""], dead)
        return family
