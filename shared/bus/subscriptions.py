"""The subscriptions of a service, each with its handlers and its pair of queues, one a lane."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.database.pool import Tx
from shared.events.dictionary import Chunk, Lane

Handler = Callable[[Tx, Chunk, datetime], None]
"""Takes the transaction, a chunk of one type (of one message or many) and the instant. Raises what it cannot apply."""


@dataclass(frozen=True)
class Subscription:
    """One purpose for which a service consumes events, with the handler of each type it needs.

    A message is applied once per subscription; two subscriptions of a service to the same type each apply it.
    `after_dead_letters`: called with what was set aside, in the same transaction.
    """

    name: str
    handlers: Mapping[str, Handler]
    after_dead_letters: Callable[[Tx, Sequence[bytes]], None] | None = None


def queue_name(service: str, subscription: str, lane: Lane | str) -> str:
    return f"{service}.{subscription}.{Lane(lane)}"


def subscribers(subscriptions: Mapping[str, Iterable[Subscription]]) -> dict[str, list[tuple[str, str]]]:
    """By type, its subscribers as (service, subscription), from each service's subscriptions."""
    found: dict[str, list[tuple[str, str]]] = {}
    for service, its in subscriptions.items():
        for subscription in its:
            for name in subscription.handlers:
                found.setdefault(name, []).append((service, subscription.name))
    return found
