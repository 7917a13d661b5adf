"""Where a body's bytes come from: what is gathered already, then the client itself, no slower than the least rate."""

from __future__ import annotations

import socket
import time

from shared.web.server.limits import ServerLimits


class TooSlow(Exception):
    """The body comes in slower than the least rate."""


class TooLarge(Exception):
    """More bytes came than the app takes."""


class CutOff(Exception):
    """The client ended in the middle of its body."""


class BodySource:
    """Looks like a socket to `gunicorn.http`. Until it is opened it ends where the gathered bytes end: no thread of the
    pages waits for a client."""

    def __init__(self, gathered: bytes) -> None:
        self._gathered = memoryview(gathered)
        self._client: socket.socket | None = None
        self._received, self._began = 0, 0.0
        self._limits = ServerLimits()

    def open(self, client: socket.socket, limits: ServerLimits) -> None:
        """From now on `recv` waits for the client, and raises `TooSlow` or `CutOff`."""
        self._client, self._limits, self._began = client, limits, time.monotonic()

    def recv(self, size: int) -> bytes:
        if self._gathered:
            part, self._gathered = self._gathered[:size], self._gathered[size:]
            return bytes(part)
        if self._client is None:
            return b""
        left = self._began + self._limits.time_for(self._received) - time.monotonic()
        if left <= 0:
            raise TooSlow()
        self._client.settimeout(left)
        try:
            received = self._client.recv(size)
        except TimeoutError as error:
            raise TooSlow() from error
        except OSError as error:
            raise CutOff() from error
        if not received:
            raise CutOff()
        self._received += len(received)
        return received
