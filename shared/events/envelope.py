"""What travels around a body: CloudEvents 1.0 attributes as headers, and the trace it belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

CONTENT_TYPE = "application/json"
TRACEPARENT: ContextVar[str | None] = ContextVar("traceparent", default=None)


def headers_of(type_name: str, service: str, at: datetime, *, republished: bool) -> dict[str, str]:
    """The headers of a message published now; its id travels beside them as the message id."""
    headers = {
        "ce-specversion": "1.0",
        "ce-type": type_name,
        "ce-source": f"guestloop/{service}",
        "ce-time": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }
    if republished:
        headers["ce-republished"] = "true"
    if trace := TRACEPARENT.get():
        headers["traceparent"] = trace
    return headers


def is_republished(headers: Any) -> bool:
    """Whatever was sent in the place of headers is an answer too."""
    return isinstance(headers, Mapping) and headers.get("ce-republished") == "true"


def trace_of(headers: Any) -> str | None:
    trace = headers.get("traceparent") if isinstance(headers, Mapping) else None
    return trace if isinstance(trace, str) else None


def trace_id_of(traceparent: str) -> str:
    """The 32 hex digits that all spans of one trace share; as given where it is no traceparent."""
    parts = traceparent.split("-")
    return parts[1] if len(parts) == 4 else traceparent
