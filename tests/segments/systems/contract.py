"""A server on loopback that keeps a system's contract: its paths, its tokens, its limits; and a segments that asks it.

Each system's own file says what its paths answer. Whatever is asked without the right credentials, or too often, is
refused as the maker's papers say, and counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from services.segments.config import Config
from services.segments.rules.systems import SystemKind
from services.segments.service import SERVICE
from services.segments.systems.connecting import connect
from services.segments.systems.role import Systems
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.outgoing.reach import networks
from shared.web.config import WebConfig
from tests.cast import NOW
from tests.loopback import answering

LOOPBACK = networks("127.0.0.1")


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Reply:
    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Contract:
    """`answer`: what the system says, once it is known who asks. `failures`: replies that come instead, one after
    another."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Asked] = []
        self.failures: list[Reply] = []

    def answer(self, asked: Asked) -> Reply:
        raise NotImplementedError

    def reply(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        return self.failures.pop(0) if self.failures else self.answer(asked)

    def paths(self) -> list[str]:
        return [one.path for one in self.asked]


@contextmanager
def served(contract: Contract) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _serve(self) -> None:
            split = urlsplit(self.path)
            query = {name: values[-1] for name, values in parse_qs(split.query).items()}
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            reply = contract.reply(Asked(self.command, split.path, query, headers, body))
            text = b"" if reply.body is None else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def log_message(self, *_args: Any) -> None:
            pass

    with answering(Handler) as port:
        contract.url = f"http://127.0.0.1:{port}"
        yield


class Desk:
    """A segments that is connected to one system."""

    def __init__(
        self,
        database: Database,
        kind: SystemKind,
        address: str,
        credentials: Mapping[str, str],
        hotels: Mapping[str, str],
        at: datetime = NOW,
    ) -> None:
        self.database, self.at = database, at
        with database.transaction() as tx:
            self.id, self.secret = connect(
                tx, kind, str(kind), address, credentials, hotels, "Ada Azevedo", at, plain_allowed=True
            )
        config = Config(networks=LOOPBACK)
        self.client: FlaskClient = SERVICE.build_web(config, database, VirtualClock(at), WebConfig()).test_client()
        self.role = Systems(database, LOOPBACK)

    def tell(self, document: Any, secret: str | None = None, connection_id: UUID | None = None) -> TestResponse:
        path = f"/systems/{connection_id or self.id}/events?key={self.secret if secret is None else secret}"
        return self.client.post(path, json=document)

    def run(self, at: datetime | None = None, most: int = 200) -> datetime:
        """Until nothing is due within a minute; the instant at which it rests."""
        at = at or self.at
        for _ in range(most):
            self.role.step(at)
            due = self.role.next_due()
            if due is None or due > at + timedelta(minutes=1):
                return at
            at = max(at, due)
        raise AssertionError("it does not come to rest")

    def all(self, query: str, *params: Any) -> list[tuple[Any, ...]]:
        with self.database.transaction() as tx:
            return tx.execute(query, params).fetchall()

    def state(self) -> tuple[Any, ...]:
        """All that these reservations made, without when it was written."""
        stays = self.all(
            """
            select s.reservation, s.property, s.status, s.booked_on, s.arrival, s.departure, s.checked_in_at,
                   s.checked_out_at, s.ended_at, s.revenue, s.currency, s.adults, s.children, s.channel, s.room_type,
                   s.rate_plan, g.given_name, g.family_name, g.birth_date, g.language, g.country
            from stay s join guest g on g.id = s.guest_id order by 1, 2
            """
        )
        claims = self.all("select channel, state from consent_claim order by 1, 2")
        return (stays, claims)
