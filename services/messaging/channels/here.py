"""Senders that keep no connections: each batch is about a second's work, and is answered before the next."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import islice, takewhile

import structlog

from services.messaging.channels.sender import Outcome, Outgoing, Sender, cut_off
from shared.database.dedicated_connection import is_passing
from shared.telemetry.metrics import SEND_SECONDS, record_answers
from shared.telemetry.tracing import span

ABOUT = 1.0  # seconds' work at a time

log = structlog.get_logger()


class Here:
    """`first`: messages at a time until a sender has measured; `least`: at a time at least."""

    def __init__(self, service: str, *, first: int, least: int) -> None:
        self._service, self._least = service, least
        self._seconds_work: defaultdict[str, int] = defaultdict(lambda: first)  # by key, how many messages

    def next_batch(self, sender: Sender, waiting: Sequence[Outgoing]) -> list[Outgoing]:
        """In the sandbox nothing can become unclear, and a simulation is the same whatever the machine is busy with."""
        key = waiting[0].via
        same = takewhile(lambda message: message.via == key, waiting)
        return list(islice(same, None if sender.is_sandbox else self._seconds_work[key]))

    def answers(self, sender: Sender, batch: Sequence[Outgoing]) -> list[Outcome]:
        began, key, channel = time.perf_counter(), batch[0].via, batch[0].channel
        with span(f"send {channel}", "client", messages=len(batch)):
            outcomes = _handed_over(sender, batch)
        seconds = time.perf_counter() - began
        self._seconds_work[key] = work_of(ABOUT, len(batch), seconds, self._least)
        SEND_SECONDS.labels(self._service, channel).observe(seconds)
        record_answers(self._service, channel, ((one.kind, one.reason) for one in outcomes))
        return outcomes


def work_of(seconds: float, messages: int, took: float, least: int) -> int:
    """How many messages go in so many seconds, where these took so long."""
    return max(int(messages * seconds / max(took, 0.001)), least)


def _handed_over(sender: Sender, batch: Sequence[Outgoing]) -> list[Outcome]:
    """A sender raises for nothing a message or a provider does. Should it, nobody knows what it handed over."""
    try:
        return sender.send(batch)
    except Exception as error:  # the role goes on with other batches
        if is_passing(error):
            raise
        log.error("a sender broke off", channel=batch[0].channel, messages=len(batch), error=type(error).__name__)
        return [cut_off(message, type(error).__name__) for message in batch]
