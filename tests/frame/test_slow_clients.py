"""A client that is slow, long-winded or greedy costs others nothing: the real server, two threads, raw sockets."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from http.client import HTTPConnection, HTTPResponse

import pytest

from tests.frame.small_server import LIMITS, LONG_ANSWER, LONGEST, THREADS
from tests.rabbit import free_ports

GET = b"GET /long HTTP/1.1\r\nHost: a\r\n\r\n"
BEGUN = b"POST /takes HTTP/1.1\r\nHost: a\r\nContent-Length: 50000\r\n\r\nabc"
UPLOAD = b"POST /takes HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n"
SEVERAL = 10 * THREADS
PATIENCE = 60.0  # seconds; a busy machine is no failure


class Small:
    """The server as a process."""

    def __init__(self, port: int) -> None:
        self.port, self.usual = port, 0.0
        self.process = subprocess.Popen([sys.executable, "-m", "tests.frame.small_server", f"127.0.0.1:{port}"])

    def client(self, said: bytes = b"") -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
        made.sendall(said)
        return made

    def ask(self, path: str = "/", body: bytes | Iterator[bytes] | None = None) -> tuple[int, str]:
        answer, text = self.asked(path, body)
        return answer.status, text

    def asked(self, path: str, body: bytes | Iterator[bytes] | None = None) -> tuple[HTTPResponse, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with closing(connection):
            connection.request("POST" if body else "GET", path, body)
            answer = connection.getresponse()
            return answer, answer.read().decode()

    def answers_at_once(self) -> bool:
        """Before it would have given up a slow client; on a busy machine, about as soon as while nobody is slow."""
        return self._answer_takes() < max(LIMITS.header_within * 0.8, 10 * self.usual)

    def measure(self) -> None:
        """How long an answer takes while nobody is slow."""
        self.usual = max(self._answer_takes() for _ in range(3))

    def _answer_takes(self) -> float:
        began = time.monotonic()
        assert self.ask()[0] == 200
        return time.monotonic() - began

    def wait(self) -> None:
        for _ in range(1200):
            try:
                self.client().close()
                return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the server did not start")


@contextmanager
def started() -> Iterator[Small]:
    small = Small(free_ports(1)[0])
    try:
        small.wait()
        yield small
    finally:
        small.process.kill()
        small.process.wait()


@pytest.fixture(scope="module")
def server() -> Iterator[Small]:
    with started() as small:
        yield small


@contextmanager
def many(server: Small, said: bytes, number: int = SEVERAL) -> Iterator[list[socket.socket]]:
    server.measure()
    with ExitStack() as stack:
        yield [stack.enter_context(closing(server.client(said))) for _ in range(number)]


def everything(client: socket.socket) -> str:
    """What comes until the end of the connection."""
    received = b""
    with client:
        while part := client.recv(65536):
            received += part
    return received.decode()


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nX-A: 1\r\n", BEGUN, UPLOAD, GET], ids=range(6))
def test_slow_clients_keep_nobody_waiting(server: Small, said: bytes) -> None:
    with many(server, said):
        assert all(server.answers_at_once() for _ in range(5))


def test_a_header_or_a_body_that_takes_too_long_is_ended_with_a_sentence(server: Small) -> None:
    slow, body, silent = server.client(b"GET / HT"), server.client(BEGUN), server.client()
    assert everything(slow).startswith("HTTP/1.1 408 ")
    assert "took too long" in everything(body)
    assert everything(silent) == ""  # browsers connect in advance, and take an answer for that of their next request


def test_dripping_bytes_wins_no_time(server: Small) -> None:
    client = server.client(b"GET / HTTP/1.1\r\n")
    began = time.monotonic()
    try:
        while time.monotonic() - began < PATIENCE:
            client.sendall(b"X")
            time.sleep(0.1)
    except OSError:
        pass
    assert time.monotonic() - began < 6 * LIMITS.header_within


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"X: " + b"a" * LIMITS.header, 431),
        (b"X: 1\r\n" * (LIMITS.header_fields + 1), 431),
        (b"X: " + b"a" * 9000, 431),
        (b"nonsense", 400),
        (b"Transfer-Encoding: gzip", 400),
        (b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n", 400),
        (b"Content-Length: -1", 400),
        (b"Content-Length: " + b"9" * 5000, 400),
        (b"Expect: the unexpected", 417),
    ],
)
def test_a_header_that_is_too_large_or_none_is_one_sentence(server: Small, header: bytes, status: int) -> None:
    text = everything(server.client(b"POST /takes HTTP/1.1\r\n" + header + b"\r\n\r\n"))
    assert text.startswith(f"HTTP/1.1 {status} ") and text.endswith(".\n") and "Traceback" not in text


def test_a_long_address_is_one_sentence(server: Small) -> None:
    assert everything(server.client(b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\n\r\n")).startswith("HTTP/1.1 414 ")


def test_no_answer_names_the_software(server: Small) -> None:
    answer, _ = server.asked("/")
    assert answer.getheader("Server") is None
    assert "unicorn" not in everything(server.client(b"nonsense\r\n\r\n"))


def test_a_page_that_breaks_is_a_sentence_and_the_next_one_works(server: Small) -> None:
    assert server.ask("/breaks") == (500, "Something went wrong here; it has been recorded.\n")
    assert server.ask("/") == (200, "/")


def test_small_bodies_are_here_before_the_app_is_asked(server: Small) -> None:
    assert server.ask("/takes", b"a" * LIMITS.small_body) == (200, f"{LIMITS.small_body} False")
    assert server.ask("/takes", iter([b"abc", b"d"])) == (200, "4 False")


@pytest.mark.parametrize("pieces", [1, 7])
def test_a_large_body_that_is_wanted_is_read_to_a_file(server: Small, pieces: int) -> None:
    whole = b"a" * 1_500_000
    assert server.ask("/takes", whole) == (200, "1500000 True")
    assert server.ask("/takes", iter([whole] * 1)) == (200, "1500000 True")
    assert server.ask("/takes", iter([b"ab" * 50_000] * pieces)) == (200, f"{pieces * 100_000} True")


def test_a_large_body_that_is_not_wanted_is_answered_unread(server: Small) -> None:
    client = server.client(b"POST /refuses HTTP/1.1\r\nContent-Length: 200000000\r\n\r\nabc")
    assert everything(client).startswith("HTTP/1.1 403 ")


def test_who_asks_before_sending_is_answered_first(server: Small) -> None:
    asks = b"Host: a\r\nContent-Length: 200000\r\nExpect: 100-continue\r\n\r\n"
    assert everything(server.client(b"POST /refuses HTTP/1.1\r\n" + asks)).startswith("HTTP/1.1 403 ")
    client = server.client(b"POST /takes HTTP/1.1\r\n" + asks)
    assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.sendall(b"a" * 200_000)
    assert "200000 True" in everything(client)
    small = server.client(b"POST /takes HTTP/1.1\r\n" + asks.replace(b"200000", b"5"))
    assert small.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    small.sendall(b"abcde")
    small.shutdown(socket.SHUT_WR)
    assert everything(small).endswith("5 False")


def test_more_than_the_app_takes_is_refused(server: Small) -> None:
    said = b"POST /takes HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % (LONGEST + 1)
    assert everything(server.client(said)).startswith("HTTP/1.1 413 ")
    endless = server.client(b"POST /takes HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    block = b"20000\r\n" + b"a" * 0x20000 + b"\r\n"
    for _ in range(LONGEST // 0x20000 + 2):
        endless.sendall(block)
    assert everything(endless).startswith("HTTP/1.1 413 ")


def test_a_few_large_bodies_at_once_and_the_others_are_told_to_wait(server: Small) -> None:
    with many(server, UPLOAD, 5) as clients:
        statuses = sorted(everything(one)[9:12] for one in clients)
    assert statuses == ["408", "408", "503", "503", "503"]
    assert server.ask("/takes", b"a" * 200_000) == (200, "200000 True")


def test_an_answer_is_sent_as_slowly_as_its_reader_reads(server: Small) -> None:
    client = server.client(GET.replace(b"Host: a", b"Connection: close"))
    time.sleep(0.5)
    assert len(everything(client).partition("\r\n\r\n")[2]) == len(LONG_ANSWER)


def test_who_reads_nothing_is_let_go_when_too_much_waits(server: Small) -> None:
    with many(server, GET) as clients:
        time.sleep(1.0)
        assert server.answers_at_once()
        ended = 0
        for one in clients:
            received = 0
            while part := one.recv(1 << 20):
                received += len(part)
                if received >= len(LONG_ANSWER):
                    break
            ended += received < len(LONG_ANSWER)
    assert 0 < ended < SEVERAL


def test_when_all_places_are_taken_the_longest_waiting_makes_room(server: Small) -> None:
    with many(server, b"GET / HT", LIMITS.of_one_address) as clients:
        assert server.answers_at_once()
        assert clients[0].recv(100) == b""  # whoever is given up for being slow is told so
        clients[-1].sendall(b"TP/1.1\r\n\r\n")
        assert clients[-1].recv(100).startswith(b"HTTP/1.1 200 ")


def test_a_connection_is_kept_and_requests_in_a_row_are_answered_in_order(server: Small) -> None:
    with closing(
        server.client(b"GET /1 HTTP/1.1\r\n\r\nPOST /takes HTTP/1.1\r\nContent-Length: 3\r\n\r\nabcGET /2")
    ) as one:
        received = b""
        while b"3 False" not in received:
            received += one.recv(1000)
        one.sendall(b" HTTP/1.1\r\n\r\n")
        while b"/2" not in received:
            received += one.recv(1000)
        assert received.index(b"/1") < received.index(b"3 False") < received.index(b"/2")
        assert b"keep-alive" in received
        one.settimeout(PATIENCE)
        assert one.recv(10) == b""


def test_it_ends_in_time_with_slow_clients_and_answers_what_is_under_way() -> None:
    with started() as own, many(own, b"GET / HT"), many(own, BEGUN), many(own, UPLOAD, 2):
        client = own.client(b"GET /slow HTTP/1.1\r\n\r\n")
        assert client.recv(1)  # it is under way
        began = time.monotonic()
        own.process.send_signal(signal.SIGTERM)
        assert everything(client).endswith("/slow")
        assert own.process.wait(PATIENCE) == 0
        assert time.monotonic() - began < 8 + 10 * own.usual
