"""What a service hears: its concerns, each with its handlers and its pair of queues, one a lane."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.database.pool import Tx
from shared.events.dictionary import Chunk, Lane

Handler = Callable[[Tx, Chunk, datetime], None]
"""Takes the transaction, a chunk of one type (of one message or many) and the instant. Raises what it cannot apply."""


@dataclass(frozen=True)
class Subscription:
    """One purpose for which a service listens, with the handler of each type it needs for it.

    A message is applied once a concern; two concerns of a service that hear the same type each apply it.
    """

    name: str
    handlers: Mapping[str, Handler]


def queue_name(service: str, concern: str, lane: Lane | str) -> str:
    return f"{service}.{concern}.{Lane(lane)}"


def subscribers(subscriptions: Mapping[str, Iterable[Subscription]]) -> dict[str, list[tuple[str, str]]]:
    """By type, who hears it: (service, concern), from each service's concerns."""
    found: dict[str, list[tuple[str, str]]] = {}
    for service, its in subscriptions.items():
        for concern in its:
            for name in concern.handlers:
                found.setdefault(name, []).append((service, concern.name))
    return found
