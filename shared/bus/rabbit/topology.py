"""The broker's topology: one topic exchange, a pair of quorum queues per subscription, a dead queue per service.

The routing key is `<type>.<lane>`. Everything here is declared at deploy (`declare`, or the broker's import of
`definitions`), never on first publish: a message whose queue is missing is returned and stays in the outbox. Queue
arguments cannot be changed later, so they hold only what never changes; what is tuned stands in `POLICIES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from kombu import Exchange, Queue, binding

from shared.bus.rabbit.connection import connect
from shared.bus.subscriptions import Subscription, queue_name
from shared.events.dictionary import Lane

__all__ = ["DEAD_LETTERS", "EXCHANGE", "POLICIES", "dead_queue", "declare", "definitions", "queues_of"]

Subscriptions = Mapping[str, Iterable[Subscription]]

EXCHANGE = Exchange("guestloop", type="topic", durable=True)
DEAD_LETTERS = Exchange("guestloop.dead", type="direct", durable=True)

POLICIES: list[dict[str, Any]] = [
    {
        "vhost": "/",
        "name": "guestloop-queues",
        "apply-to": "queues",
        "pattern": r"^[a-z]+\.[a-z_]+\.(stay|marketing)$",
        "priority": 0,
        "definition": {
            "delivery-limit": 20,  # a message that kills its consumer time and again goes to the dead queue
            "dead-letter-strategy": "at-least-once",
            "overflow": "reject-publish",  # full: the relay gets a nack and keeps the message
            "max-length-bytes": 2_000_000_000,
        },
    },
    {
        "vhost": "/",
        "name": "guestloop-dead",
        "apply-to": "queues",
        "pattern": r"^[a-z]+\.dead$",
        "priority": 0,
        "definition": {"overflow": "reject-publish", "max-length-bytes": 500_000_000},
    },
]


def queues_of(service: str, subscriptions: Iterable[Subscription], lane: Lane) -> list[Queue]:
    """A service's queues of one lane."""
    return [
        Queue(
            queue_name(service, subscription.name, lane),
            bindings=[binding(EXCHANGE, routing_key=routing_key(name, lane)) for name in sorted(subscription.handlers)],
            durable=True,
            queue_arguments={
                "x-queue-type": "quorum",
                "x-dead-letter-exchange": DEAD_LETTERS.name,
                "x-dead-letter-routing-key": service,
            },
        )
        for subscription in subscriptions
    ]


def dead_queue(service: str) -> Queue:
    """Holds what a service's consumers rejected or crashed on; drained into rows of `dead_letter`."""
    return Queue(
        f"{service}.dead",
        DEAD_LETTERS,
        routing_key=service,
        durable=True,
        queue_arguments={"x-queue-type": "quorum"},
    )


def routing_key(type_name: str, lane: Lane | str) -> str:
    return f"{type_name}.{Lane(lane)}"


def all_queues(subscriptions: Subscriptions) -> list[Queue]:
    found: list[Queue] = []
    for service, its in subscriptions.items():
        kept = list(its)
        found += [dead_queue(service), *(queue for lane in Lane for queue in queues_of(service, kept, lane))]
    return found


def declare(url: str, subscriptions: Subscriptions) -> None:
    """Declare all of it; what is there already stays as it is. Raises kombu's errors where the broker refuses."""
    with connect(url, heartbeat=30) as connection, connection.channel() as channel:
        for exchange in (EXCHANGE, DEAD_LETTERS):
            exchange(channel).declare()
        for queue in all_queues(subscriptions):
            queue(channel).declare()


def definitions(subscriptions: Subscriptions) -> dict[str, Any]:
    """The same as a RabbitMQ definitions document, policies included, which the broker imports at boot."""
    queues = all_queues(subscriptions)
    return {
        "vhosts": [{"name": "/"}],
        "exchanges": [
            {"vhost": "/", "name": exchange.name, "type": exchange.type, "durable": True, "auto_delete": False}
            for exchange in (EXCHANGE, DEAD_LETTERS)
        ],
        "queues": [
            {"vhost": "/", "name": queue.name, "durable": True, "arguments": queue.queue_arguments} for queue in queues
        ],
        "bindings": [
            {
                "vhost": "/",
                "source": exchange,
                "destination": queue.name,
                "destination_type": "queue",
                "routing_key": key,
            }
            for queue in queues
            for exchange, key in bound_to(queue)
        ],
        "policies": POLICIES,
    }


def bound_to(queue: Queue) -> list[tuple[str, str]]:
    """A queue's bindings: (exchange, routing key)."""
    if queue.bindings:
        return sorted((bound.exchange.name, bound.routing_key) for bound in queue.bindings)
    return [(queue.exchange.name, queue.routing_key)]
