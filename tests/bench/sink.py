"""A mail server that takes everything at once and counts: `python -m tests.bench.sink [file]` prints its port.

Where a file is named, each mail is a line in it: the recipient, and when it came. It announces PIPELINING as servers do
(Postfix, Exim, Exchange, SES), and answers in one write what came in one.

`XCOUNT` answers how many mails came, and when the first and the last did, in seconds of the
machine's monotonic clock.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from time import perf_counter
from typing import IO

HELLO, YES = b"250-sink\r\n250 PIPELINING\r\n", b"250 ok\r\n"
GO_ON, BYE = b"354 go on\r\n", b"221 bye\r\n"


class Sink:
    def __init__(self, file: IO[str] | None) -> None:
        self.mails, self.first, self.last = 0, 0.0, 0.0
        self._file = file

    def count(self) -> bytes:
        return f"250 {self.mails} {self.first:.6f} {self.last:.6f}\r\n".encode()

    def take(self, recipient: bytes) -> None:
        self.last = perf_counter()
        if self._file:
            self._file.write(f"{recipient.decode()} {self.last:.6f}\n")
        self.first = self.first or self.last
        self.mails += 1

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        talk = Talk(self)
        while not talk.is_over and (more := await reader.read(1 << 18)):
            writer.write(talk.answers(more))
        writer.close()


class Talk:
    """With one client."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._came, self._recipient = b"", b""
        self._text_comes = self.is_over = False

    def answers(self, more: bytes) -> bytes:
        """To all that has wholly come by now."""
        self._came += more
        answers = b""
        while (said := self._next()) is not None:
            answers += self._answer(said)
        return answers

    def _next(self) -> bytes | None:
        said, end, rest = self._came.partition(b"\r\n.\r\n" if self._text_comes else b"\r\n")
        self._came = rest if end else self._came
        return said if end else None

    def _answer(self, said: bytes) -> bytes:
        verb = b"." if self._text_comes else said[:4].upper()
        self._text_comes, self.is_over = verb == b"DATA", verb == b"QUIT"
        if verb == b".":
            self._sink.take(self._recipient)
        if verb == b"RCPT":
            self._recipient = said.partition(b"<")[2].partition(b">")[0]
        if verb == b"XCOU":
            return self._sink.count()
        return {b"EHLO": HELLO, b"DATA": GO_ON, b"QUIT": BYE}.get(verb, YES)


async def serve(file: IO[str] | None) -> None:
    server = await asyncio.start_server(Sink(file).converse, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with Path(sys.argv[1] if sys.argv[1:] else os.devnull).open("w", buffering=1) as file:
        asyncio.run(serve(file if sys.argv[1:] else None))
