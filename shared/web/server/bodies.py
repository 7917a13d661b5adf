"""How a body comes in: what is here already from memory, the rest of a large one to a file on disk."""

from __future__ import annotations

import socket
import time
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from gunicorn.http.body import LengthReader

from shared.web.server.answers import CONTINUE, status_of_bad_request
from shared.web.server.limits import ServerLimits

if TYPE_CHECKING:
    from shared.web.server.connections import ClientConnection

BLOCK = 256 * 1024


class TooSlow(Exception):
    """The body comes in slower than the least rate."""


class TooLarge(Exception):
    """More bytes came than the app takes."""


class CutOff(Exception):
    """The client ended in the middle of its body."""


def status_of_failure(error: BaseException) -> int | None:
    """What a client is answered whose body could not be read; None where nobody is there to read it."""
    match error:
        case TooSlow():
            return 408
        case TooLarge():
            return 413
        case Exception():
            return status_of_bad_request(error)
        case _:
            return None


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


def fetch_body(connection: ClientConnection) -> None:
    """In a thread of the uploads: the body to a file without a name, of which a crash leaves nothing behind."""
    awaited, body = connection.awaited, connection.request.body
    assert awaited is not None and connection.source is not None, "only an awaited body is read"
    if isinstance(body.reader, LengthReader) and body.reader.length > awaited.longest:
        raise TooLarge()
    if connection.arrived.expects_continue:
        connection.answer.sendall(CONTINUE)
    connection.source.open(connection.client, connection.limits)
    file = TemporaryFile(dir=awaited.folder)  # noqa: SIM115  closed with the request
    try:
        while block := body.read(BLOCK):
            file.write(block)
            if file.tell() > awaited.longest:
                raise TooLarge()
        file.seek(0)
    except BaseException:
        file.close()
        raise
    finally:
        connection.client.setblocking(False)
    connection.body = file
