"""A line to a server far away: `python -m tests.bench.distance <port> <milliseconds>` prints its own port.

What comes in either direction goes on half a round trip later, in order, as much at a time as came. `tc netem` would
delay all of loopback, the database's lines and everybody else's too, and needs root.
"""

from __future__ import annotations

import asyncio
import sys
from asyncio import StreamReader, StreamWriter
from collections import deque
from contextlib import suppress
from selectors import SelectSelector
from socket import IPPROTO_TCP, TCP_NODELAY

AT_ONCE = 1 << 18


async def carry(reader: StreamReader, writer: StreamWriter, one_way: float) -> None:
    loop, under_way = asyncio.get_running_loop(), deque[bytes]()

    def arrive() -> None:
        if came := under_way.popleft():
            writer.write(came)
        else:
            writer.close()

    came = b"-"
    while came:
        with suppress(ConnectionError):
            came = b""
            came = await reader.read(AT_ONCE)
        under_way.append(came)
        loop.call_later(one_way, arrive)


async def serve(port: int, one_way: float) -> None:
    async def connect(reader: StreamReader, writer: StreamWriter) -> None:
        await asyncio.sleep(2 * one_way)  # a handshake
        there, back = await asyncio.open_connection("127.0.0.1", port)
        for each in (writer, back):
            each.get_extra_info("socket").setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        await asyncio.gather(carry(reader, back, one_way), carry(there, writer, one_way))

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(SelectSelector())) as runner:
        runner.run(serve(int(sys.argv[1]), int(sys.argv[2]) / 2000))
