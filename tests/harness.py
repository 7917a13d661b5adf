"""A service on a real database, as its doors see it: events come off the wire, what it publishes is in its outbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from shared.bus.subscriptions import Handler, Subscription
from shared.database.pool import Database
from shared.events.dictionary import Chunk
from shared.events.wire import decode, encode


class Published(NamedTuple):
    name: str
    lane: str
    chunk: Chunk


class ServiceHarness:
    """Each service's tests add the words of their own: who is there, what is asked, what a clock does."""

    subscriptions: Sequence[Subscription] = ()

    def __init__(self, database: Database) -> None:
        self.database = database

    def hear_at(self, at: datetime, chunk: Chunk) -> None:
        """The chunk arrives: every subscription to its type applies it in a transaction of its own."""
        heard = off_the_wire(chunk)
        for handler in self.handlers(chunk.type.name):
            with self.database.transaction() as tx:
                handler(tx, heard, at)

    def handlers(self, name: str) -> list[Handler]:
        return [each.handlers[name] for each in self.subscriptions if name in each.handlers]

    def outbox(self) -> list[Published]:
        """Everything published, in order."""
        with self.database.transaction() as tx:
            rows = tx.execute("select type, lane, body from outbox order by id").fetchall()
        return [Published(name, lane, decode(name, bytes(body))) for name, lane, body in rows]

    def published(self, name: str) -> list[dict[str, Any]]:
        """The subjects published of a type, in order, with the lane of each."""
        return [
            {"lane": lane, **{column: values[place] for column, values in chunk.columns.items()}}
            for type_, lane, chunk in self.outbox()
            if type_ == name
            for place in range(len(chunk))
        ]

    def all(self, query: str, *params: Any) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self.database.transaction() as tx:
            return tx.execute(query, params).fetchall()

    def one(self, query: str, *params: Any) -> Any:
        """The first value of the first row; None where there is no row."""
        rows = self.all(query, *params)
        return rows[0][0] if rows else None


def off_the_wire(chunk: Chunk) -> Chunk:
    """The chunk written as JSON and read again, as a subscriber gets it."""
    return decode(chunk.type.name, encode(chunk), republished=chunk.republished)
