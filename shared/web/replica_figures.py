"""What a web process reads from the replica and what not, and how far that is behind, asked for at a scrape."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from shared.database.replica import REPLICA, Because, Replica


class ReplicaFigures:
    def __init__(self, service: str, replica: Replica) -> None:
        self._service, self._replica = service, replica

    def describe(self) -> list[Metric]:
        """Registration asks nobody."""
        return []

    def collect(self) -> Iterator[Metric]:
        figures = self._replica.look()
        reads = CounterMetricFamily(
            "guestloop_reads",
            "Reads that may go to the replica: there («replica»), or at the primary and why",
            labels=["service", "at"],
        )
        for at in (REPLICA, *Because):
            reads.add_metric([self._service, str(at)], figures.reads[at])
        yield reads
        if figures.behind is not None:
            behind = GaugeMetricFamily(
                "guestloop_replica_behind_seconds", "How far the replica is behind at most", labels=["service"]
            )
            behind.add_metric([self._service], figures.behind)
            yield behind
        left_out = GaugeMetricFamily(
            "guestloop_replica_left_out_since_seconds",
            "Since when pages do not read from the replica, in seconds since 1970; 0 while they do",
            labels=["service", "because"],
        )
        left_out.add_metric([self._service, figures.because or "none"], figures.left_out_since or 0.0)
        yield left_out
