"""Connections that go to a checked address and end at a deadline.

A host's name is resolved here and nowhere else; where one of its addresses may not be reached, none is. The connection
is made to the address, while TLS and the `Host` header keep the name. The deadline is looked at before each read: a
server that sends a byte a second gains nothing.
"""

from __future__ import annotations

import http.client
import io
import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from shared.outgoing.reach import Address, Reach

CONTROLS = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
LEAST = 0.001  # seconds: a socket's time-out of 0 means something else


@dataclass(frozen=True)
class Exchange:
    """One request and its answer. `ends_at`: by the monotonic clock; `connect_within`: seconds."""

    reach: Reach
    ends_at: float
    connect_within: float

    @property
    def left(self) -> float:
        """Seconds. Raises `TimeoutError` where none are."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise TimeoutError("the deadline of this exchange has passed")
        return max(left, LEAST)


_under_way: ContextVar[Exchange] = ContextVar("exchange")


@contextmanager
def exchange(reach: Reach, within: float, connect_within: float) -> Iterator[None]:
    """Requests made within the block are one exchange."""
    token = _under_way.set(Exchange(reach, time.monotonic() + within, connect_within))
    try:
        yield
    finally:
        _under_way.reset(token)


class AddressRefused(NewConnectionError):
    """A host's address is not a public one, and no administrator lists it."""


class GuardedConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        now = _under_way.get()
        try:
            return self._connected(now, self._checked(now))
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"{self.host} did not answer in time") from error
        except OSError as error:
            raise NewConnectionError(self, f"no connection to {self.host}: {error}") from error

    def putheader(self, header: str | bytes, *values: Any) -> None:
        """Raises ValueError where a name or a value holds what could begin another header."""
        for text in (header, *values):
            if CONTROLS.search(text if isinstance(text, bytes) else str(text).encode()):
                raise ValueError("a header holds a control character")
        super().putheader(header, *values)  # type: ignore[arg-type]

    def endheaders(self, *args: Any, **named: Any) -> None:
        if self.sock is None:
            self.connect()
        self.sock.settimeout(_under_way.get().left)
        super().endheaders(*args, **named)

    @property
    def response_class(self) -> Any:  # type: ignore[override]
        """Made of a socket by `http.client`; each read of it ends with the exchange."""
        now = _under_way.get()

        def timed(sock: socket.socket, **named: Any) -> http.client.HTTPResponse:
            made = http.client.HTTPResponse(sock, **named)
            made.fp = io.BufferedReader(TimedReads(sock, made.fp, now))
            return made

        return timed

    def _checked(self, now: Exchange) -> list[Address]:
        """The addresses of the host, all of which may be reached."""
        host = self.host.strip("[]")
        found = resolved(host, self.port, now.left)
        if not found or not all(now.reach.allows(one, host) for one in found):
            raise AddressRefused(self, f"{host} is no public address; an administrator can list it")
        return found

    def _connected(self, now: Exchange, addresses: list[Address]) -> socket.socket:
        """To the first that answers."""
        until, failed = time.monotonic() + now.connect_within, OSError("no address")
        for address in addresses:
            left = min(until - time.monotonic(), now.left)
            if left <= 0:
                raise TimeoutError
            try:
                sock = socket.create_connection((str(address), self.port), left)
            except OSError as error:
                failed = error
                continue
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return sock
        raise failed


class GuardedTlsConnection(GuardedConnection, HTTPSConnection):
    pass


class GuardedPool(HTTPConnectionPool):
    ConnectionCls = GuardedConnection


class GuardedTlsPool(HTTPSConnectionPool):
    ConnectionCls = GuardedTlsConnection


class TimedReads(io.RawIOBase):
    """What comes in over a socket until the exchange is over."""

    def __init__(self, sock: socket.socket, buffered: Any, now: Exchange) -> None:
        self._sock, self._raw, self._now = sock, buffered.detach(), now

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._now.left)
        read: int | None = self._raw.readinto(buffer)
        return read

    def close(self) -> None:
        self._raw.close()
        super().close()


def resolved(host: str, port: int | None, within: float) -> list[Address]:
    """Raises `socket.gaierror`, and `TimeoutError` after `within` seconds: the system's resolver has no deadline, so it
    is asked in a thread of its own."""
    answer: list[list[Address] | OSError] = []

    def ask() -> None:
        try:
            answer.append(_addresses(host, port))
        except (OSError, UnicodeError) as error:
            answer.append(error if isinstance(error, OSError) else socket.gaierror(socket.EAI_NONAME, "no such name"))

    asking = threading.Thread(target=ask, name="resolve", daemon=True)
    asking.start()
    asking.join(within)
    if not answer:
        raise TimeoutError(f"no name server told where {host} is")
    if isinstance(answer[0], OSError):
        raise answer[0]
    return answer[0]


def _addresses(host: str, port: int | None) -> list[Address]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(place[0]) for *_, place in found))
