"""A way to the broker that can be cut, and that can fall silent with its connections open.

A broker of several nodes is reached by whichever answers, as through a balancer.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress


class Line:
    def __init__(self, targets: Sequence[tuple[str, int]]) -> None:
        self._targets = list(targets)
        self._loop = asyncio.new_event_loop()
        self._speaks = asyncio.Event()
        self._speaks.set()
        self._open: set[asyncio.StreamWriter] = set()
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), name="line", daemon=True)
        self._thread.start()
        started.wait()

    def cut(self) -> None:
        """Every connection ends in the middle of a word."""

        def abort() -> None:
            for writer in self._open:
                writer.transport.abort()

        self._loop.call_soon_threadsafe(abort)

    def fall_silent(self) -> None:
        self._loop.call_soon_threadsafe(self._speaks.clear)

    def speak_again(self) -> None:
        self._loop.call_soon_threadsafe(self._speaks.set)

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def _run(self, started: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port: int = server.sockets[0].getsockname()[1]
        started.set()
        self._loop.run_forever()

    async def _accept(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        found = await self._reach()
        if found is None:
            to_near.transport.abort()
            return
        far, to_far = found
        both = {to_near, to_far}
        self._open |= both
        await asyncio.gather(self._pass_on(near, to_far), self._pass_on(far, to_near))
        self._open -= both

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        self._targets.append(self._targets.pop(0))
        for host, port in self._targets:
            with suppress(OSError):
                return await asyncio.open_connection(host, port)
        return None

    async def _pass_on(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                await self._speaks.wait()
                sink.write(data)
                await sink.drain()
        sink.close()
