"""Spans a chunk, where a collector is named: one trace through outbox, broker and hearer; nothing where none is."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from shared.errors import SettingError
from shared.events.envelope import TRACEPARENT
from shared.telemetry.tracing import start_tracing
from tests.loopback import answering
from tests.observability.installation import Installation
from tests.observability.role import until
from tests.observability.test_lost import has_subscriber, say_a_property
from tests.observability.test_stopping import deliver, states

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass
class Collector:
    address: str = ""
    spans: list[tuple[str, Any]] = field(default_factory=list)

    def named(self, name: str) -> list[Any]:
        return [span for _, span in self.spans if span.name == name]


@contextmanager
def collector() -> Iterator[Collector]:
    """What an OTLP collector takes over HTTP."""
    kept = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            given = gzip.decompress(body) if self.headers.get("Content-Encoding") == "gzip" else body
            request = ExportTraceServiceRequest.FromString(given)
            for resource in request.resource_spans:
                told = {each.key: each.value.string_value for each in resource.resource.attributes}
                kept.spans += [(told["service.name"], span) for scope in resource.scope_spans for span in scope.spans]
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with answering(Handler) as port:
        kept.address = f"http://127.0.0.1:{port}"
        yield kept


@pytest.mark.rabbitmq
def test_one_trace_leads_through_relay_and_hearer(installation: Installation) -> None:
    with collector() as kept:
        traced = {"GUESTLOOP_TRACES": kept.address, "OTEL_BSP_SCHEDULE_DELAY": "200"}
        roles = [
            installation.start("console", "relay", traced),
            installation.start("segments", "consumer", traced),
            installation.start("messaging", "sender", traced),
        ]
        for role in roles:
            until(lambda role=role: role.is_ready, 60)  # type: ignore[misc]
        token = TRACEPARENT.set(CALLER)
        code = say_a_property(installation)
        TRACEPARENT.reset(token)
        until(lambda: has_subscriber(installation, code), 60)
        messages = deliver(installation, 2, "traced")
        until(lambda: states(installation, messages) == {"sent": 2}, 60)
        until(lambda: bool(kept.named("publish property.changed.v1") and kept.named("handle property.changed.v1")), 30)
        for name in ("publish property.changed.v1", "handle property.changed.v1"):
            ours = [span for span in kept.named(name) if span.trace_id.hex() == CALLER.split("-")[1]]
            assert {span.parent_span_id.hex() for span in ours} == {CALLER.split("-")[2]}
        until(
            lambda: bool(kept.named("enqueue message.sent.v1") and kept.named("send email") and kept.named("claim")), 30
        )
        (sender,) = {service for service, span in kept.spans if span.name == "send email"}
        assert sender == "guestloop-messaging"
        assert "example.com" not in str(kept.spans)


def test_where_no_collector_is_named_nothing_is_made() -> None:
    import shared.telemetry.tracing

    start_tracing({}, "segments", "relay")
    assert shared.telemetry.tracing._tracer is None
    with shared.telemetry.tracing.span("anything"):
        assert TRACEPARENT.get() is None


def test_a_malformed_collector_is_named() -> None:
    with pytest.raises(SettingError, match="GUESTLOOP_TRACES must be an address"):
        start_tracing({"GUESTLOOP_TRACES": "collector:4318/v1"}, "segments", "relay")


@pytest.mark.rabbitmq
def test_without_a_collector_what_is_said_carries_no_trace(installation: Installation) -> None:
    say_a_property(installation)
    with installation.group.database("console").transaction() as tx:
        headers = tx.execute("select headers from outbox order by id desc limit 1").fetchone()
    assert headers is not None and "traceparent" not in headers[0]
    assert datetime.fromisoformat(headers[0]["ce-time"]).tzinfo == UTC
