"""Where a request ends, found while its bytes come in. Whether it is a sound one is judged by gunicorn's parser."""

from __future__ import annotations

import re
from enum import Enum, auto

from shared.web.server.limits import ServerLimits

LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
IN_CHUNKS = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)
EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)


class Progress(Enum):
    """How far a request is here."""

    HEADER_INCOMPLETE = auto()
    HEADER_TOO_LONG = auto()
    BODY_INCOMPLETE = auto()
    WHOLE = auto()
    LARGE_BODY = auto()


class RequestBytes:
    """The bytes of one request, and of the next one where a client does not wait for its answer."""

    def __init__(self, limits: ServerLimits, first: bytes = b"") -> None:
        self._limits = limits
        self._bytes = bytearray(first)
        self._searched = 0
        self._header_end: int | None = None
        self._body_length: int | None = 0
        self._chunks: ChunkedEnd | None = None

    def __len__(self) -> int:
        return len(self._bytes)

    def add(self, received: bytes) -> None:
        self._bytes += received

    def progress(self) -> Progress:
        if self._header_end is None and not self._find_header():
            too_long = len(self._bytes) > self._limits.header
            return Progress.HEADER_TOO_LONG if too_long else Progress.HEADER_INCOMPLETE
        end = self._end()
        if end is not None and end - self._body_begin <= self._limits.small_body:
            return Progress.WHOLE if len(self._bytes) >= end else Progress.BODY_INCOMPLETE
        if end is None and len(self._bytes) - self._body_begin <= self._limits.small_body:
            return Progress.BODY_INCOMPLETE
        return Progress.LARGE_BODY

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for «100 Continue» with its body."""
        return EXPECTS.search(self._bytes, 0, self._body_begin) is not None

    def taken(self) -> tuple[bytes, bytes]:
        """The bytes of the request, and those that came behind it; of a large body what is here so far."""
        end = self._end()
        cut = end if end is not None else len(self._bytes)
        return bytes(self._bytes[:cut]), bytes(self._bytes[cut:])

    @property
    def _body_begin(self) -> int:
        return self._header_end or 0

    def _find_header(self) -> bool:
        place = self._bytes.find(b"\r\n\r\n", max(0, self._searched - 3))
        self._searched = len(self._bytes)
        if place < 0 or place + 4 > self._limits.header:
            return False
        self._header_end = place + 4
        if IN_CHUNKS.search(self._bytes, 0, self._header_end):
            self._chunks = ChunkedEnd(self._header_end)
        elif found := LENGTH.search(self._bytes, 0, self._header_end):
            self._body_length = int(found[1])
        return True

    def _end(self) -> int | None:
        """The place behind the last byte; None where only more bytes can tell."""
        if self._chunks is not None:
            return self._chunks.find(self._bytes)
        return self._body_begin + (self._body_length or 0)


class ChunkedEnd:
    """Finds the end of a body that comes in chunks, going on where it stopped."""

    def __init__(self, begin: int) -> None:
        self._place, self._in_trailers = begin, False

    def find(self, received: bytearray) -> int | None:
        """The place behind it; None where it is not here yet. What is no chunk ends at once: the parser refuses it."""
        while not self._in_trailers:
            line_end = received.find(b"\r\n", self._place)
            if line_end < 0:
                return None
            digits = bytes(received[self._place : line_end]).partition(b";")[0].strip()
            try:
                size = int(digits[:16], 16)
            except ValueError:
                return len(received)
            self._in_trailers = size == 0
            self._place = line_end if self._in_trailers else line_end + 2 + size + 2
        end = received.find(b"\r\n\r\n", self._place)
        return end + 4 if end >= 0 else None
