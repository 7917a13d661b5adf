"""A broker over TLS: connected to where its certificate names the host that was asked for, and nowhere else."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from shared.bus.publisher import OutboxRow
from shared.bus.rabbit.connection import connect
from shared.bus.rabbit.publisher import PikaPublisher
from shared.bus.rabbit.topology import declare
from shared.errors import BrokerUnavailable
from tests.loopback import PATIENCE
from tests.messaging.certificates import make_certificate
from tests.rabbit import RabbitNode

NOW = datetime(2026, 11, 22, tzinfo=UTC)
pytestmark = pytest.mark.rabbitmq


@pytest.fixture
def declared(rabbitmq: RabbitNode) -> None:
    """The exchange is there."""
    declare(rabbitmq.url, {})


@pytest.fixture
def port(rabbitmq: RabbitNode, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Speaks TLS before the broker, by a certificate for 127.0.0.1 of an authority that is told by the environment."""
    certificate, key = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("0.0.0.0", 0)) as server:
        threading.Thread(target=accept, args=[server, context, rabbitmq.port], daemon=True).start()
        yield server.getsockname()[1]


def accept(server: socket.socket, context: ssl.SSLContext, target: int) -> None:
    while True:
        try:
            plain, _ = server.accept()
            near = context.wrap_socket(plain, server_side=True)
        except ssl.SSLError:
            continue  # the other side did not like the certificate
        except OSError:
            return
        near.settimeout(0.05)  # one thread reads what another writes: TLS sockets bear it in turns only
        threading.Thread(
            target=pass_on, args=[near, socket.create_connection(("127.0.0.1", target))], daemon=True
        ).start()


def pass_on(near: ssl.SSLSocket, far: socket.socket) -> None:
    far.settimeout(0.05)
    with near, far:
        while True:
            for source, sink in ((near, far), (far, near)):
                try:
                    data = source.recv(65536)
                except TimeoutError:
                    continue
                except OSError:
                    return
                if not data:
                    return
                sink.sendall(data)


def url(host: str, port: int) -> str:
    return f"amqps://guest:guest@{host}:{port}/%2F"


def row() -> OutboxRow:
    headers = {"ce-time": NOW.isoformat()}
    return OutboxRow(1, uuid4(), "nobody.hears.v1", "stay", headers, b"{}", NOW)


def test_who_hears_asks_whether_the_certificate_names_the_host(port: int) -> None:
    with connect(url("127.0.0.1", port), connect_timeout=PATIENCE) as connection:
        connection.connect()
    with (
        connect(url("127.0.0.2", port), connect_timeout=PATIENCE) as connection,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        connection.connect()


@pytest.mark.usefixtures("declared")
def test_who_says_asks_as_well(port: int) -> None:
    publisher = PikaPublisher(url("127.0.0.1", port))
    stranger = PikaPublisher(url("127.0.0.2", port), connect_within=2)
    try:
        assert publisher.publish([row()])
        with pytest.raises(BrokerUnavailable):
            stranger.publish([row()])
    finally:
        publisher.close()
        stranger.close()
