"""Spans for OpenTelemetry, one a chunk, where `GUESTLOOP_TRACES` names an OTLP collector (http://collector:4318).

A published message starts a span or continues the current one, and carries it as `traceparent` through outbox, broker
and mailbox (`shared.events.envelope`): so the relay's publishing, the subscriber's handling and what the subscriber
publishes are its children, in whichever process. Without the setting no span is made, and the SDK is not loaded.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import Token
from typing import TYPE_CHECKING, Any

from shared.errors import SettingError
from shared.events.envelope import TRACEPARENT
from shared.settings.installation import TRACES

if TYPE_CHECKING:
    from opentelemetry.trace import Span, SpanKind, Tracer

MOST_LINKS = 50

_tracer: Tracer | None = None


def start_tracing(environment: Mapping[str, str], service: str, role: str) -> None:
    """Make spans from here on, sent in the background. Raises `SettingError`."""
    global _tracer
    collector = TRACES.read(environment)
    if collector is None:
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise SettingError(f"{TRACES.name} needs more packages: pip install 'guestloop[traces]'") from error
    resource = Resource.create({"service.name": f"guestloop-{service}", "guestloop.role": role})
    provider = TracerProvider(resource=resource)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{collector}/v1/traces")))
    _tracer = provider.get_tracer("guestloop")


@contextmanager
def span(name: str, kind: str = "internal", links: Collection[str] = (), **attributes: Any) -> Iterator[None]:
    """A span around the block, a child of the current one; what is published within is its child."""
    if _tracer is None:
        yield
        return
    made = _started(name, kind, links, attributes)
    token = _enter(made)
    try:
        yield
    except BaseException as error:
        _fail(made, error)
        raise
    finally:
        TRACEPARENT.reset(token)
        made.end()


@contextmanager
def handling_span(traces: Collection[str | None], name: str, **attributes: Any) -> Iterator[None]:
    """A span for handling messages with these traces: a child of the only one, or linked to each of several."""
    known = sorted(trace for trace in traces if trace)
    token = TRACEPARENT.set(known[0] if len(traces) == 1 and known else None)
    try:
        with span(name, "consumer", known[:MOST_LINKS] if len(traces) > 1 else (), **attributes):
            yield
    finally:
        TRACEPARENT.reset(token)


def record_published(service: str, messages: Iterable[tuple[str, str, str | None]], seconds: float) -> None:
    """Spans for messages (id, type, traceparent) whose publishing took `seconds` until now, each a child of its
    origin.
    """
    if _tracer is None:
        return
    end = time.time_ns()
    for message_id, name, trace in messages:
        token = TRACEPARENT.set(trace)
        attributes = {"messaging.system": "rabbitmq", "messaging.message.id": message_id, "guestloop.service": service}
        made = _started(f"publish {name}", "producer", (), attributes, start=end - int(seconds * 1e9))
        TRACEPARENT.reset(token)
        made.end(end)


@contextmanager
def step_span(name: str) -> Iterator[list[int]]:
    """A span that is kept only where something was done: the block appends how much to the list it is given."""
    done: list[int] = []
    if _tracer is None:
        yield done
        return
    made = _started(name, "internal", (), {})
    token = _enter(made)
    try:
        yield done
    finally:
        TRACEPARENT.reset(token)
        if any(done):
            made.set_attribute("guestloop.done", sum(done))
            made.end()


def _started(
    name: str, kind: str, links: Collection[str], attributes: Mapping[str, Any], start: int | None = None
) -> Span:
    from opentelemetry.trace import Link

    assert _tracer is not None
    linked = [Link(context) for link in links if (context := _context_of(link)) is not None]
    return _tracer.start_span(
        name, _parent(), kind=_kind(kind), links=linked, attributes=dict(attributes), start_time=start
    )


def _kind(kind: str) -> SpanKind:
    from opentelemetry.trace import SpanKind

    return SpanKind[kind.upper()]


def _parent() -> Any:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    trace = TRACEPARENT.get()
    return TraceContextTextMapPropagator().extract({"traceparent": trace} if trace else {})


def _context_of(traceparent: str) -> Any:
    from opentelemetry.trace import get_current_span
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    context = get_current_span(TraceContextTextMapPropagator().extract({"traceparent": traceparent})).get_span_context()
    return context if context.is_valid else None


def _enter(made: Span) -> Token[str | None]:
    context = made.get_span_context()
    return TRACEPARENT.set(f"00-{context.trace_id:032x}-{context.span_id:016x}-{context.trace_flags:02x}")


def _fail(made: Span, error: BaseException) -> None:
    """The class alone: an error's text may quote a guest."""
    from opentelemetry.trace import Status, StatusCode

    made.set_status(Status(StatusCode.ERROR, type(error).__name__))
