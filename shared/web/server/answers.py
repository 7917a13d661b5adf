"""What goes back to a client: an app's answer without a word about software, or one plain sentence of the server."""

from __future__ import annotations

import socket
from tempfile import SpooledTemporaryFile
from typing import IO

from gunicorn.http import errors as http_errors
from gunicorn.http import wsgi

IN_MEMORY = 256 * 1024
BLOCK = 64 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
REFUSALS = {
    400: ("Bad Request", "This request cannot be read."),
    408: ("Request Timeout", "The request took too long to arrive; send it again."),
    413: ("Content Too Large", "The request is larger than this address takes."),
    414: ("URI Too Long", "The address is too long."),
    417: ("Expectation Failed", "The request expects something that is not done here."),
    431: ("Request Header Fields Too Large", "The header of the request is too large."),
    500: ("Internal Server Error", "Something went wrong here; it has been recorded."),
    501: ("Not Implemented", "The body of the request is coded in a way that is not read here."),
    503: ("Service Unavailable", "Too much is asked at the same moment; try again in a minute."),
}
STATUS: dict[type[Exception], int] = {
    http_errors.LimitRequestHeaders: 431,
    http_errors.LimitRequestLine: 414,
    http_errors.UnsupportedTransferCoding: 501,
    http_errors.ExpectationFailed: 417,
    http_errors.NoMoreData: 400,
    http_errors.ParseException: 400,
}


def refusal(status: int) -> bytes:
    """A whole answer that ends the connection."""
    reason, sentence = REFUSALS[status]
    lines = [
        f"HTTP/1.1 {status} {reason}",
        "Connection: close",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(sentence) + 1}",
        *(["Retry-After: 60"] if status == 503 else []),
    ]
    return ("\r\n".join(lines) + f"\r\n\r\n{sentence}\n").encode("ascii")


def status_of_bad_request(error: Exception) -> int | None:
    """None where it is not the request that is at fault."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), None)


class UnsignedResponse(wsgi.Response):  # type: ignore[misc]
    """An answer without the `Server` header: it would tell whoever looks for a known hole what to try."""

    def default_headers(self) -> list[str]:
        return [line for line in super().default_headers() if not line.startswith("Server:")]


class AnswerBuffer:
    """Looks like a socket to `gunicorn.http`: takes an answer as fast as it is made. What the client does not read at
    once waits here, on disk where it is long."""

    def __init__(self, client: socket.socket) -> None:
        self._client = client
        self._waiting: IO[bytes] | None = None
        self._sent, self.length = 0, 0

    @property
    def unread(self) -> int:
        """Bytes that wait."""
        return self.length - self._sent

    def sendall(self, data: bytes) -> None:
        if not self.unread:
            data = data[self._send(data) :]
        if not data:
            return
        if self._waiting is None:
            self._waiting = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  closed with the connection
        self._waiting.seek(0, 2)
        self._waiting.write(data)
        self.length += len(data)

    def send(self, data: bytes) -> int:
        self.sendall(data)
        return len(data)

    def send_more(self) -> None:
        """What the client takes of it now. Raises `OSError` where it has gone."""
        if self._waiting is None:
            return
        self._waiting.seek(self._sent)
        self._sent += self._send(self._waiting.read(BLOCK))
        if not self.unread:
            self.close()

    def close(self) -> None:
        if self._waiting is not None:
            self._waiting.close()
        self._waiting, self._sent, self.length = None, 0, 0

    def _send(self, data: bytes) -> int:
        try:
            return self._client.send(data)
        except (BlockingIOError, InterruptedError):
            return 0
