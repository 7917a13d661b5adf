"""A mail server that takes everything at once and counts: `python -m tests.bench.sink` prints its port.

`XCOUNT` answers how many mails came, and when the first and the last did, in seconds of the machine's monotonic clock.
"""

from __future__ import annotations

import asyncio
from time import perf_counter

YES, GO_ON, BYE = b"250 ok\r\n", b"354 go on\r\n", b"221 bye\r\n"


class Sink:
    def __init__(self) -> None:
        self.mails, self.first, self.last = 0, 0.0, 0.0

    def count(self) -> bytes:
        return f"250 {self.mails} {self.first:.6f} {self.last:.6f}\r\n".encode()

    def take(self) -> None:
        self.last = perf_counter()
        self.first = self.first or self.last
        self.mails += 1

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 sink\r\n")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                writer.write(GO_ON)
                await reader.readuntil(b"\r\n.\r\n")
                self.take()
            if verb == b"QUIT":
                writer.write(BYE)
                break
            writer.write(self.count() if verb == b"XCOU" else YES)
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(Sink().converse, "127.0.0.1", 0, limit=1 << 22)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
