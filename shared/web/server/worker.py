"""The process that answers requests. Its loop waits for clients, its threads never do."""

from __future__ import annotations

import errno
import selectors
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from socket import SHUT_RD, SHUT_WR
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from shared.web.server.answers import CONTINUE, refusal
from shared.web.server.bodies import fetch_body, status_of_failure
from shared.web.server.body_source import CutOff
from shared.web.server.connections import ClientConnection, Connections, Waits
from shared.web.server.limits import ServerLimits
from shared.web.server.request_bytes import Progress
from shared.web.server.requests import answer_request

BLOCK = 64 * 1024
NOT_NOW = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)
NO_MORE_FILES = (errno.EMFILE, errno.ENFILE)


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threads, stopping and heartbeat, with a loop of our own before them; see the package."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.limits: ServerLimits = self.app.limits
        self.connections = Connections(self.limits, is_behind_proxy=self.app.is_behind_proxy)
        self.uploads: ThreadPoolExecutor
        self.uploading: set[ClientConnection] = set()

    def init_process(self) -> None:
        self.uploads = ThreadPoolExecutor(self.limits.large_at_once, thread_name_prefix="upload")
        super().init_process()

    def run(self) -> None:
        super().run()
        for one in self.uploading:  # its thread would wait for the client; the process ends without it
            with suppress(OSError):
                one.client.shutdown(SHUT_RD)
        self.uploads.shutdown(wait=False, cancel_futures=True)

    def accept(self, listener: Any) -> None:
        try:
            client, address = listener.accept()
        except OSError as error:
            if error.errno in NO_MORE_FILES and (one := self.connections.to_make_room("")):
                self._drop(one)
            elif error.errno not in (*NOT_NOW, *NO_MORE_FILES):
                raise
            return
        client.setblocking(False)
        connection = ClientConnection(client, address, listener.getsockname(), self.limits)
        if not self._make_room(connection.host):
            with suppress(OSError):
                client.send(refusal(503))
            client.close()
            return
        self.nr_conns += 1
        self.connections.add(connection)
        self._watch(connection, selectors.EVENT_READ, self._gather)

    def _make_room(self, host: str) -> bool:
        while not self.connections.has_room_for(host):
            if (one := self.connections.to_make_room(host)) is None:
                return False
            self._drop(one)
        return True

    def _gather(self, connection: ClientConnection, _socket: Any = None) -> None:
        received = self._receive(connection)
        if not received:
            return
        if connection.waits is Waits.NEXT_REQUEST:
            connection.now_waits(Waits.REQUEST, self.limits.header_within)
        connection.arrived.add(received)
        self._judge(connection)

    def _judge(self, connection: ClientConnection) -> None:
        match connection.arrived.progress():
            case Progress.HEADER_INCOMPLETE:
                pass
            case Progress.HEADER_TOO_LONG:
                self._refuse(connection, 431)
            case Progress.BODY_INCOMPLETE:
                connection.deadline = connection.since + self.limits.small_body_within
                if connection.arrived.expects_continue and not connection.has_sent_continue:
                    connection.has_sent_continue = True
                    connection.answer.sendall(CONTINUE)
            case Progress.WHOLE | Progress.LARGE_BODY:
                self._unwatch(connection)
                self._hand_over(connection)

    def _hand_over(self, connection: ClientConnection) -> None:
        connection.now_waits(Waits.WORK, 0)
        self.enqueue_req(connection)

    def finish_request(self, connection: ClientConnection, future: Future[bool]) -> None:
        connection.keeps = future.result() and self.alive
        if connection.awaited is not None:
            self._await_body(connection)
        elif connection.answer.unread:
            connection.now_waits(Waits.READER, self.limits.time_for(connection.answer.unread))
            self._watch(connection, selectors.EVENT_WRITE, self._send_more)
            if (one := self.connections.too_much_unread()) is not None:
                self._drop(one)
        else:
            self._go_on(connection)

    def _send_more(self, connection: ClientConnection, _socket: Any = None) -> None:
        try:
            connection.answer.send_more()
        except OSError:
            self._drop(connection)
            return
        if not connection.answer.unread:
            self._unwatch(connection)
            self._go_on(connection)

    def _go_on(self, connection: ClientConnection) -> None:
        """After an answer: the next request, or the end."""
        if not connection.keeps:
            self._leave(connection)
            return
        connection.begin_next(connection.arrived.taken()[1])
        self._watch(connection, selectors.EVENT_READ, self._gather)
        if len(connection.arrived):
            self._judge(connection)

    def _await_body(self, connection: ClientConnection) -> None:
        if len(self.uploading) >= self.limits.large_at_once + self.limits.large_waiting:
            self._refuse(connection, 503)
            return
        self.uploading.add(connection)
        reading = self.uploads.submit(fetch_body, connection)
        reading.add_done_callback(lambda done: self.method_queue.defer(self._body_is_here, connection, done))

    def _body_is_here(self, connection: ClientConnection, reading: Future[None]) -> None:
        self.uploading.discard(connection)
        if reading.cancelled():
            self._drop(connection)
            return
        error = reading.exception()
        if error is None:
            connection.awaited = None
            self.enqueue_req(connection)
        elif (status := status_of_failure(error)) is not None:
            self._refuse(connection, status)
        else:
            if not isinstance(error, CutOff):
                self.log.error("a body could not be kept", exc_info=error)
            self._drop(connection)

    def _refuse(self, connection: ClientConnection, status: int) -> None:
        with suppress(OSError):
            connection.answer.sendall(refusal(status))
        self._leave(connection)

    def _leave(self, connection: ClientConnection) -> None:
        """Closed at once, with bytes of a body still unread, it would take the answer along; so it lingers a little."""
        connection.answer.close()
        try:
            connection.client.shutdown(SHUT_WR)
        except OSError:
            self._drop(connection)
            return
        connection.now_waits(Waits.CLOSE, self.limits.lingers)
        self._watch(connection, selectors.EVENT_READ, self._discard)

    def _discard(self, connection: ClientConnection, _socket: Any = None) -> None:
        connection.discarded += len(self._receive(connection))
        if connection.discarded > self.limits.lingering_bytes:
            self._drop(connection)

    def murder_pending(self) -> None:
        """Once a second: whoever is late. While the worker stops, nobody is waited for longer than a moment."""
        if not self.alive:
            end = time.monotonic() + STOP_KEEPALIVE_LINGER
            for one in self.connections:
                if one.waits is not Waits.READER:
                    one.deadline = min(one.deadline, end)
        for one in self.connections.overdue():
            if one.waits is Waits.REQUEST and len(one.arrived):
                self._refuse(one, 408)
            else:
                self._drop(one)

    def _receive(self, connection: ClientConnection) -> bytes:
        """What is there; nothing from one that has ended, and its connection is closed."""
        try:
            received: bytes = connection.client.recv(BLOCK)
        except (BlockingIOError, InterruptedError):
            return b""
        except OSError:
            received = b""
        if not received:
            self._drop(connection)
        return received

    def _watch(self, connection: ClientConnection, event: int, react: Callable[..., None]) -> None:
        self._unwatch(connection)
        self.poller.register(connection.client, event, partial(react, connection))

    def _unwatch(self, connection: ClientConnection) -> None:
        with suppress(KeyError, ValueError):
            self.poller.unregister(connection.client)

    def _drop(self, connection: ClientConnection) -> None:
        if connection not in self.connections:
            return
        self._unwatch(connection)
        self.connections.discard(connection)
        self.nr_conns -= 1
        connection.close()

    def handle(self, connection: ClientConnection) -> bool:
        """In a thread: answer one request. Whether another one may follow on its connection."""
        try:
            return answer_request(connection, self.cfg, self.wsgi, is_stopping=not self.alive)
        except Exception:
            self.log.exception("a request failed")
            return False
