"""A mail server that takes everything at once and counts: `python -m tests.bench.sink [file]` prints its port.

Where a file is named, each mail is a line in it: the recipient, and when it came.

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

YES, GO_ON, BYE = b"250 ok\r\n", b"354 go on\r\n", b"221 bye\r\n"


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
        recipient = b""
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(GO_ON)
                await reader.readuntil(b"\r\n.\r\n")
                self.take(recipient)
            if verb == b"RCPT":
                recipient = line.partition(b"<")[2].partition(b">")[0]
            if verb == b"QUIT":
                writer.write(BYE)
                break
            writer.write(self.count() if verb == b"XCOU" else YES)
        writer.close()


async def serve(file: IO[str] | None) -> None:
    server = await asyncio.start_server(Sink(file).converse, "127.0.0.1", 0, limit=1 << 22)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with Path(sys.argv[1] if sys.argv[1:] else os.devnull).open("w", buffering=1) as file:
        asyncio.run(serve(file if sys.argv[1:] else None))
