"""Whatever the other side does, a request ends in time, within its size, and only where it may go."""

from __future__ import annotations

import gzip
import socket
import time
from ipaddress import ip_address
from typing import Any

import pytest

from shared.outgoing import connections
from shared.outgoing.client import NoAnswer, OutgoingClient
from shared.outgoing.limits import Limits
from shared.outgoing.reach import Reach, networks
from shared.vocabulary.trouble import Trouble
from tests.loopback import PATIENCE
from tests.outgoing.peers import PLAIN, peer

HANGS = 20  # seconds that a bad peer takes
LOOPBACK = Reach(networks("127.0.0.0/8"))
PATIENT = Limits(within=PATIENCE, connect_within=PATIENCE, longest=1000)
QUICK = Limits(within=1.0, connect_within=1.0, longest=1000)


def client(reach: Reach = LOOPBACK, limits: Limits = PATIENT) -> OutgoingClient:
    return OutgoingClient(reach, limits)


def refused(url: str, reach: Reach = LOOPBACK, limits: Limits = PATIENT, **more: Any) -> Trouble:
    with pytest.raises(NoAnswer) as caught:
        client(reach, limits).ask("GET", url, **more)
    return caught.value.trouble


def test_an_answer_is_handed_back_with_its_status() -> None:
    with peer(b"HTTP/1.1 418 Teapot\r\nContent-Length: 5\r\nX-Kind: pot\r\n\r\nshort") as server:
        answer = client().ask("POST", server.url(), {"X-Ours": "1"}, b"body")
    assert (answer.status, answer.body, answer.headers["x-kind"]) == (418, b"short", "pot")
    assert b"X-Ours: 1\r\n" in server.heard[0]
    assert server.heard[0].startswith(b"POST /hook HTTP/1.1\r\n")


def drips_a_header(asker: socket.socket) -> None:
    asker.sendall(b"HTTP/1.1 200 OK\r\n")
    for _ in range(HANGS * 20):
        asker.sendall(b"X")
        time.sleep(0.05)


def drips_the_body(asker: socket.socket) -> None:
    asker.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(HANGS * 20):
        asker.sendall(b"X")
        time.sleep(0.05)


def says_nothing(_asker: socket.socket) -> None:
    time.sleep(HANGS)


@pytest.mark.parametrize("answers", [says_nothing, drips_a_header, drips_the_body])
def test_one_deadline_covers_the_whole_exchange_however_slowly_it_trickles(answers: Any) -> None:
    with peer(answers) as server:
        began = time.monotonic()
        assert refused(server.url(), limits=QUICK) is Trouble.TOO_SLOW
        assert time.monotonic() - began < HANGS / 2  # each byte came in time; together they would take all of it


def test_a_name_server_that_hangs_ends_with_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "_addresses", lambda *_: time.sleep(HANGS))
    began = time.monotonic()
    assert refused("http://hotel.example.com/", limits=QUICK) is Trouble.TOO_SLOW
    assert time.monotonic() - began < HANGS / 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 2000,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"7d0\r\n" + b"x" * 2000 + b"\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"x" * 100_000),
    ],
    ids=["with its length", "without", "in pieces", "compressed"],
)
def test_an_answer_is_no_longer_than_it_may_be(answer: bytes) -> None:
    with peer(answer) as server:
        assert refused(server.url()) is Trouble.TOO_LONG


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    with peer() as inner:
        moved = f"HTTP/1.1 302 Found\r\nLocation: {inner.url()}\r\nContent-Length: 0\r\n\r\n".encode()
        with peer(moved) as server:
            answer = client().ask("GET", server.url())
    assert answer.status == 302
    assert inner.heard == []


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0177.0.0.1", "0x7f.1", "localhost", "[::ffff:127.0.0.1]"])
def test_no_spelling_of_this_machine_is_reached(host: str) -> None:
    with peer() as server:
        trouble = refused(f"http://{host}:{server.port}/", Reach())
    assert trouble in (Trouble.REFUSED_ADDRESS, Trouble.NO_SUCH_HOST, Trouble.BAD_ADDRESS)
    assert server.heard == []
    assert host != "127.0.0.1" or trouble is Trouble.REFUSED_ADDRESS


@pytest.mark.parametrize(
    "address",
    [
        *("10.0.0.1", "172.16.9.9", "192.168.1.1", "127.9.9.9", "0.0.0.0", "169.254.169.254", "100.100.100.200"),
        *("100.64.0.1", "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
        *("::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "fec0::1", "2001:db8::1"),
        *("::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "64:ff9b:1::a00:1"),
        *("2001:0:4136:e378:8000:63bf:f5ff:fffe",),  # Teredo of 10.0.0.1
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    assert not Reach().allows(ip_address(address), "hotel.example.com")


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_a_public_address_is_reached(address: str) -> None:
    assert Reach().allows(ip_address(address), "hotel.example.com")


def test_what_an_administrator_lists_is_reached_and_nothing_beside_it() -> None:
    listed = Reach(networks("10.20.0.0/16, fd12::7"))
    assert listed.allows(ip_address("10.20.3.4"), "pms.hotel.example")
    assert listed.allows(ip_address("::ffff:10.20.3.4"), "pms.hotel.example")
    assert listed.allows(ip_address("fd12::7"), "pms.hotel.example")
    assert not listed.allows(ip_address("10.21.3.4"), "pms.hotel.example")
    assert not listed.allows(ip_address("fd12::8"), "pms.hotel.example")
    with pytest.raises(ValueError, match="networks by commas"):
        networks("10.20.0.0/99")


def test_a_host_of_the_settings_may_be_private_but_never_hands_out_credentials() -> None:
    trusted = Reach(hosts=frozenset({"login.hotel.example"}))
    assert trusted.allows(ip_address("10.0.0.1"), "login.hotel.example")
    assert not trusted.allows(ip_address("10.0.0.1"), "other.hotel.example")
    assert not trusted.allows(ip_address("169.254.169.254"), "login.hotel.example")


def test_a_host_is_refused_where_one_of_its_addresses_is(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [ip_address("127.0.0.1"), ip_address("10.0.0.1")]
    monkeypatch.setattr(connections, "_addresses", lambda *_: both)
    assert refused("http://hotel.example.com/") is Trouble.REFUSED_ADDRESS


def test_a_name_is_resolved_once_and_the_connection_goes_to_what_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name server that says 127.0.0.1 first, and something else to whoever asks again."""
    said = [[ip_address("127.0.0.1")], [ip_address("127.0.0.9")]]
    monkeypatch.setattr(connections, "_addresses", lambda *_: said.pop(0))
    with peer() as server:
        answer = client().ask("GET", server.url("hotel.example.com"))
    assert answer.status == 200
    assert len(said) == 1
    assert f"Host: hotel.example.com:{server.port}".encode() in server.heard[0]


def test_no_proxy_and_no_password_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with peer() as proxy, peer() as server:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url())
        client().ask("GET", server.url())
    assert proxy.heard == []
    assert len(server.heard) == 1


@pytest.mark.parametrize("value", ["1\r\nX-Injected: 1", "1\nX-Injected: 1", "1\rX", "1\x00"])
def test_a_header_is_one_header(value: str) -> None:
    with peer() as server:
        for headers in ({"X-Ours": value}, {value: "1"}):
            assert refused(server.url(), headers=headers) is Trouble.BAD_ADDRESS
    assert server.heard == []


def test_an_address_holds_no_second_line_no_password_and_no_other_scheme() -> None:
    with peer() as server:
        client().ask("GET", server.url() + "?a=1\r\nX-Injected: 1")
        assert refused(f"http://user:secret@127.0.0.1:{server.port}/") is Trouble.BAD_ADDRESS
    assert b"X-Injected" not in server.heard[0].split(b"\r\n", 1)[1]
    assert len(server.heard) == 1
    assert refused("file:///etc/passwd") is Trouble.BAD_ADDRESS
    assert refused("gopher://127.0.0.1/") is Trouble.BAD_ADDRESS
    assert refused("http:///nowhere") is Trouble.BAD_ADDRESS


def test_a_cookie_of_one_answer_is_not_sent_with_the_next_request() -> None:
    with peer(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") as server:
        ours = client()
        ours.ask("GET", server.url())
        ours.ask("GET", server.url())
    assert b"Cookie" not in server.heard[1]


def test_why_there_is_no_answer_has_a_name() -> None:
    with peer(b"") as server:
        assert refused(server.url()) is Trouble.CUT_OFF
    assert refused(server.url()) is Trouble.NOT_CONNECTED
    with peer(PLAIN) as server:
        assert refused(server.url(scheme="https")) in (Trouble.CUT_OFF, Trouble.NOT_CONNECTED)
