"""The connections of a server: what each of them waits for, until when, and which one makes room for another."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import IO, Any

from shared.web.awaited_body import BodyAwaited
from shared.web.server.answers import AnswerBuffer
from shared.web.server.body_source import BodySource
from shared.web.server.limits import ServerLimits
from shared.web.server.request_bytes import RequestBytes


class Waits(IntEnum):
    """What a connection waits for; in this order they make room for others, `WORK` never."""

    CLOSE = 1
    NEXT_REQUEST = 2
    REQUEST = 3
    READER = 4
    WORK = 5


class ClientConnection:
    """One client's socket. At any moment either the loop or one thread has it.

    `source`, `request`: what is parsed, and the outcome. `awaited`, `body`: what the app said of a large body, and the
    file with it. `keeps`: whether another request may come after the answer.
    """

    def __init__(self, client: socket.socket, address: Any, server: Any, limits: ServerLimits) -> None:
        self.client, self.address, self.server = client, address, server
        self.limits = limits
        self.answer = AnswerBuffer(client)
        self.arrived = RequestBytes(limits)
        self.waits, self.since, self.deadline = Waits.REQUEST, 0.0, 0.0
        self.source: BodySource | None = None
        self.request: Any = None
        self.awaited: BodyAwaited | None = None
        self.body: IO[bytes] | None = None
        self.keeps, self.discarded = False, 0
        self.has_sent_continue = False
        self.now_waits(Waits.REQUEST, limits.header_within)

    @property
    def host(self) -> str:
        return str(self.address[0]) if isinstance(self.address, tuple) else ""

    def now_waits(self, what: Waits, within: float) -> None:
        """`within`: seconds from now."""
        self.waits, self.since = what, time.monotonic()
        self.deadline = self.since + within

    def begin_next(self, first: bytes) -> None:
        """A further request on the same connection, of which these bytes are here."""
        self.arrived = RequestBytes(self.limits, first)
        self.source = self.request = self.awaited = None
        self.has_sent_continue = False
        if first:
            self.now_waits(Waits.REQUEST, self.limits.header_within)
        else:
            self.now_waits(Waits.NEXT_REQUEST, self.limits.idle)

    def close(self) -> None:
        self.answer.close()
        if self.body is not None:
            self.body.close()
        self.client.close()


class Connections:
    """Those that are open."""

    def __init__(self, limits: ServerLimits, *, is_behind_proxy: bool) -> None:
        self._limits, self._is_behind_proxy = limits, is_behind_proxy
        self._open: set[ClientConnection] = set()

    def __iter__(self) -> Iterator[ClientConnection]:
        return iter(list(self._open))

    def __contains__(self, one: ClientConnection) -> bool:
        return one in self._open

    def add(self, one: ClientConnection) -> None:
        self._open.add(one)

    def discard(self, one: ClientConnection) -> None:
        self._open.discard(one)

    def has_room_for(self, host: str) -> bool:
        return len(self._open) < self._limits.connections and not self._address_is_full(host)

    def to_make_room(self, host: str) -> ClientConnection | None:
        """Whose place the next connection of this address may have; None where all are being worked on."""
        if self._address_is_full(host):
            return _first_to_go(one for one in self._open if one.host == host)
        return _first_to_go(self._open)

    def overdue(self) -> list[ClientConnection]:
        now = time.monotonic()
        return [one for one in self._open if one.waits is not Waits.WORK and one.deadline < now]

    def too_much_unread(self) -> ClientConnection | None:
        """Whoever has not read their answer for the longest, where too much waits for readers."""
        waiting = [one for one in self._open if one.waits is Waits.READER]
        if sum(one.answer.unread for one in waiting) <= self._limits.unread:
            return None
        return min(waiting, key=lambda one: one.since)

    def _address_is_full(self, host: str) -> bool:
        if self._is_behind_proxy:
            return False
        return sum(one.host == host for one in self._open) >= self._limits.of_one_address


def _first_to_go(candidates: Iterable[ClientConnection]) -> ClientConnection | None:
    yielding = (one for one in candidates if one.waits is not Waits.WORK)
    return min(yielding, key=lambda one: (one.waits, one.since), default=None)
