"""What a role counts of its own work, for Prometheus. No label holds anything of a guest.

What is counted inside a transaction that is run again (a deadlock, a lost database) is counted again. What waits in
tables and queues is asked for at a scrape, by one role of the service (`shared.bus.backlog`).
"""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Iterable, Mapping
from datetime import timedelta

from prometheus_client import Counter, Gauge, Histogram, disable_created_metrics

disable_created_metrics()  # type: ignore[no-untyped-call]

QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
DELAYS = (0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600)
SLOW = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400)

HANDLER_SECONDS = Histogram(
    "guestloop_handler_seconds", "One call of a handler with a chunk of one type", ["service", "type"], buckets=QUICK
)
HANDLED_SUBJECTS = Counter("guestloop_handled_subjects", "Subjects applied by handlers", ["service", "type"])
RECEIVED_MESSAGES = Counter(
    "guestloop_heard_messages", "Messages received: fresh, or duplicate and dropped", ["service", "outcome"]
)
RECEIVED_AGE = Histogram(
    "guestloop_received_age_seconds",
    "From an event's writing to its receipt from the broker, whole seconds",
    ["service"],
    buckets=SLOW,
)
DEAD_LETTERS = Counter("guestloop_set_aside", "Subjects and messages that became dead letters", ["service", "type"])
RELAYED = Counter(
    "guestloop_relay_messages",
    "Messages a relay tried to publish: published, nacked by the broker, or returned because no queue is bound",
    ["service", "outcome"],
)
PUBLISH_SECONDS = Histogram(
    "guestloop_relay_publish_seconds", "One batch published and its confirms awaited", ["service"], buckets=QUICK
)
STEP_SECONDS = Histogram(
    "guestloop_step_seconds", "One step of a role that found something to do", ["service", "role"], buckets=QUICK
)
STEP_WORK = Counter("guestloop_step_work", "What the steps of a role did, in its own unit", ["service", "role"])
WAITS = Counter(
    "guestloop_waits", "How often a role had to wait for its database or its broker", ["service", "role", "reason"]
)
DELIVERIES = Counter(
    "guestloop_deliveries",
    "Changes of deliveries, by their new state",
    ["service", "channel", "state", "reason"],
)
RECEIPTS = Counter(
    "guestloop_receipts",
    "What is said of messages after their provider took them: delivered, bounced, complained; why they came back",
    ["service", "channel", "state", "reason"],
)
VISITS = Counter(
    "guestloop_link_visits",
    "Links of messages that were opened, judged: «counted» as a guest's click, or why not",
    ["service", "outcome"],
)
INBOUND_MAILS = Counter(
    "guestloop_inbound_mails",
    "Mails that came in, by what they are; refused: forged, foreign or too long",
    ["service", "way", "outcome"],
)
SEND_SECONDS = Histogram(
    "guestloop_send_seconds",
    "One message on one of a provider's connections, or one batch where there are none",
    ["service", "channel"],
    buckets=QUICK,
)
SENDER_CONNECTIONS = Gauge(
    "guestloop_sender_connections", "Connections that a sender has at its provider", ["service", "channel"]
)
SEND_OUTCOMES = Counter(
    "guestloop_send_outcomes",
    "What a provider answered: sent, failed for good, unknown, again (refused for now), given_back (not offered)",
    ["service", "channel", "outcome", "reason"],
)
WITHDRAWAL_LAG = Histogram(
    "guestloop_withdrawal_lag_seconds",
    "From the withdrawal of a message to its effect on the send",
    ["service"],
    buckets=SLOW,
)
SEND_DELAY = Histogram(
    "guestloop_send_delay_seconds",
    "From the instant a message might go (its hour, or the end of what held it) to its provider's answer",
    ["service", "lane"],
    buckets=DELAYS,
)
RECEIPT_DELAY = Histogram(
    "guestloop_receipt_delay_seconds",
    "From what happened to a message at its provider to our record of it",
    ["service", "state"],
    buckets=DELAYS,
)
REQUEST_SECONDS = Histogram(
    "guestloop_request_seconds",
    "Requests answered by the pages and the API",
    ["service", "method", "status"],
    buckets=QUICK,
)


def record_handled(service: str, applied: Iterable[tuple[str, int, float]]) -> None:
    """Chunks that took effect: type, subjects, seconds."""
    for name, subjects, seconds in applied:
        HANDLER_SECONDS.labels(service, name).observe(seconds)
        HANDLED_SUBJECTS.labels(service, name).inc(subjects)


def record_received(service: str, fresh: int, duplicates: int) -> None:
    if fresh:
        RECEIVED_MESSAGES.labels(service, "fresh").inc(fresh)
    if duplicates:
        RECEIVED_MESSAGES.labels(service, "duplicate").inc(duplicates)


def record_dead_letters(service: str, types: Iterable[str]) -> None:
    for name in types:
        DEAD_LETTERS.labels(service, name).inc()


def record_relayed(service: str, outcomes: Mapping[str, int]) -> None:
    for outcome, messages in outcomes.items():
        RELAYED.labels(service, outcome).inc(messages)


def record_withdrawals(service: str, lags: Iterable[timedelta]) -> None:
    histogram = WITHDRAWAL_LAG.labels(service)
    for lag in lags:
        histogram.observe(max(lag.total_seconds(), 0.0))


def record_answers(service: str, channel: str, outcomes: Iterable[tuple[str, str | None]]) -> None:
    """A provider's answers: outcome, reason."""
    for (outcome, reason), messages in Counts(outcomes).items():
        SEND_OUTCOMES.labels(service, channel, outcome, reason or "none").inc(messages)


def record_deliveries(service: str, states: Iterable[tuple[str | None, str, str | None]]) -> None:
    """Changes of deliveries: channel, state, reason."""
    for (channel, state, reason), messages in Counts(states).items():
        DELIVERIES.labels(service, channel or "none", state, reason or "none").inc(messages)


def record_receipts(service: str, states: Iterable[tuple[str, str, str | None]]) -> None:
    """Receipts: channel, state, reason."""
    for (channel, state, reason), messages in Counts(states).items():
        RECEIPTS.labels(service, channel, state, reason or "none").inc(messages)


def record_visits(service: str, reasons: Iterable[str | None]) -> None:
    """Of each message's link that was opened, why it is not counted; None where it is."""
    for reason, links in Counts(reasons).items():
        VISITS.labels(service, str(reason or "counted")).inc(links)


def record_inbound_mail(service: str, way: str, outcome: str) -> None:
    INBOUND_MAILS.labels(service, way, outcome).inc()


def record_send_delays(service: str, waited: Iterable[tuple[str, float]]) -> None:
    """Of messages that went: their lane, and seconds."""
    for lane, seconds in waited:
        SEND_DELAY.labels(service, lane).observe(max(seconds, 0.0))


def record_receipt_delays(service: str, delays: Iterable[tuple[str, timedelta]]) -> None:
    """Of receipts: their state, and for how long nobody here knew."""
    for state, delay in delays:
        RECEIPT_DELAY.labels(service, state).observe(max(delay.total_seconds(), 0.0))
