"""The publisher without a broker: each message goes into the mailbox table of every subscribed service.

A confirm means committed in all of them. Where one subscriber's database refuses or is away, the message is nacked and
sent again to all; those that have it drop it (by the mailbox's unique key while it waits there, by the inbox after).
A message may be there early: it is handled from the instant of its publication on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import orjson
import psycopg

from shared.bus.publisher import OutboxRow, Published
from shared.bus.subscriptions import Subscription, queue_name, subscribers
from shared.database.dedicated_connection import DedicatedConnection, is_passing
from shared.database.pool import Database

Letter = tuple[OutboxRow, str]  # a message and the subscription it is for


class MailboxPublisher:
    """`databases` of the services that get messages; a subscriber without one gets none."""

    connections = 0  # a committed row is not forgotten
    holds_back = False

    def __init__(self, databases: Mapping[str, Database], subscriptions: Mapping[str, Iterable[Subscription]]) -> None:
        self._sessions = {service: DedicatedConnection(database, "post") for service, database in databases.items()}
        self._subscribers = subscribers(subscriptions)
        self._addressed: dict[str, set[datetime]] = {}

    def take_addressed(self) -> dict[str, set[datetime]]:
        """The services that got a message since the last call, with the instants from which on they handle it."""
        addressed, self._addressed = self._addressed, {}
        return addressed

    def publish(self, batch: Sequence[OutboxRow]) -> Published:
        post: dict[str, list[Letter]] = {}
        returned = [row.id for row in batch if row.type not in self._subscribers]
        for row in batch:
            for service, subscription in self._subscribers.get(row.type, ()):
                if service in self._sessions:
                    post.setdefault(service, []).append((row, subscription))
        refused = {number for service, letters in post.items() for number in self._put(service, letters)}
        settled = refused.union(returned)
        return Published([row.id for row in batch if row.id not in settled], sorted(refused), returned)

    def has_subscriber(self, type_name: str) -> bool:
        return type_name in self._subscribers

    def _put(self, service: str, letters: list[Letter]) -> list[int]:
        """Put the letters into a service's mailbox. Returns the messages that it does not take: all where its database
        is in trouble, else those that are refused alone."""
        self._addressed.setdefault(service, set()).update(row.created_at for row, _ in letters)
        try:
            self._sessions[service].connection().execute(
                PUT,
                {
                    "queues": [queue_name(service, subscription, row.lane) for row, subscription in letters],
                    "subscriptions": [subscription for _, subscription in letters],
                    "message_ids": [row.message_id for row, _ in letters],
                    "types": [row.type for row, _ in letters],
                    "lanes": [row.lane for row, _ in letters],
                    "headers": [orjson.dumps(row.headers).decode() for row, _ in letters],
                    "bodies": [row.body for row, _ in letters],
                    "available_at": [row.created_at for row, _ in letters],
                },
            )
        except psycopg.Error as error:
            if is_passing(error) or len(letters) == 1:
                return [row.id for row, _ in letters]
            middle = len(letters) // 2
            return [*self._put(service, letters[:middle]), *self._put(service, letters[middle:])]
        return []

    def close(self) -> None:
        for session in self._sessions.values():
            session.close()


PUT = """
    insert into mailbox (queue, concern, message_id, type, lane, headers, body, available_at)
    select * from unnest(
        %(queues)s::text[], %(subscriptions)s::text[], %(message_ids)s::uuid[], %(types)s::text[], %(lanes)s::text[],
        %(headers)s::jsonb[], %(bodies)b::bytea[], %(available_at)s::timestamptz[]
    )
    on conflict (queue, message_id) do nothing
"""
