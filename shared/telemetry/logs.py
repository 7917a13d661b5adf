"""Logs: one JSON object a line on standard error, with event, service, role and what it is about; never a guest's data.

The text of an error may quote a row or a message, so only its class, its SQLSTATE and its call sites are written. Of
libraries' log records the template is written without its arguments, but for libraries that log connections only.

Whoever makes us log fills no disk: of each event so many lines a minute are written, and the next one says how many
were left out.
"""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, MutableMapping
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

import psycopg
import structlog

from shared.events.envelope import TRACEPARENT, trace_id_of

LOG_CONNECTIONS_ONLY = ("amqp", "kombu", "pika", "psycopg.pool")
MOST_PLACES = 12
MOST_LINES = 120  # of one event in one minute
MOST_OF = {"a request": 3000}  # of those that are many by their nature
MOST_OF_A_LIBRARY = 2  # that logs every attempt at a connection, on several lines: a role says «waiting» itself
REQUEST: ContextVar[tuple[str, float] | None] = ContextVar("request", default=None)
"""The id of the request that is answered here, and when it began (`time.perf_counter`)."""
MINUTE = 60.0  # seconds

Event = MutableMapping[str, Any]


def logs_to_stderr(service: str | None = None, role: str | None = None) -> None:
    """Configures structlog, the standard library's logging and the log line of a crash."""

    def names(_logger: Any, _method: str, event: Event) -> Event:
        for name, value in (("service", service), ("role", role)):
            if value:
                event.setdefault(name, value)
        return event

    structlog.configure(
        processors=[
            Bounded(),
            names,
            _trace,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            _error_without_words,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=_to_stderr,
    )
    logging.basicConfig(handlers=[_Libraries()], level=logging.WARNING, force=True)
    logging.captureWarnings(True)
    sys.excepthook = _crashed
    threading.excepthook = lambda given: _crashed(given.exc_type, given.exc_value, given.exc_traceback)


class Bounded:
    """Drops what is beyond `MOST_LINES` of an event in a minute; `left_out` on its next line says how many."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic, self._lock = monotonic, threading.Lock()
        self._written: dict[str, int] = {}
        self._left_out: dict[str, int] = {}
        self._minute = 0

    def __call__(self, _logger: Any, _method: str, event: Event) -> Event:
        name, most = _kind(event)
        minute = int(self._monotonic() // MINUTE)
        with self._lock:
            if minute != self._minute:
                self._minute, self._written = minute, {}
            self._written[name] = self._written.get(name, 0) + 1
            if self._written[name] > most:
                self._left_out[name] = self._left_out.get(name, 0) + 1
                raise structlog.DropEvent
            if left_out := self._left_out.pop(name, 0):
                event["left_out"] = left_out
        return event


def _kind(event: Event) -> tuple[str, int]:
    """By what lines are counted, and how many a minute."""
    name, library = str(event.get("event")), str(event.get("logger", "")).split(".")[0]
    if name == "library" and library in LOG_CONNECTIONS_ONLY:
        return f"library {library}", MOST_OF_A_LIBRARY
    return name, MOST_OF.get(name, MOST_LINES)


def _to_stderr(*_: Any) -> structlog.PrintLogger:
    stream: TextIO = sys.stderr
    return structlog.PrintLogger(stream)


def _trace(_logger: Any, _method: str, event: Event) -> Event:
    if trace := TRACEPARENT.get():
        event.setdefault("trace_id", trace_id_of(trace))
    if request := REQUEST.get():
        event.setdefault("request", request[0])
    return event


def _error_without_words(_logger: Any, _method: str, event: Event) -> Event:
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["errors"] = [described(each) for each in chain_of(error)]
    return event


def described(error: BaseException) -> dict[str, Any]:
    """An error's class and its call sites, the innermost last."""
    found: dict[str, Any] = {"error": type(error).__name__, "at": list(places_of(error.__traceback__))[-MOST_PLACES:]}
    if isinstance(error, psycopg.Error) and error.sqlstate:
        found["sqlstate"] = error.sqlstate
    return found


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def places_of(traceback: TracebackType | None) -> Iterator[str]:
    while traceback is not None:
        code = traceback.tb_frame.f_code
        yield f"{'/'.join(Path(code.co_filename).parts[-3:])}:{traceback.tb_lineno} {code.co_name}"
        traceback = traceback.tb_next


def _crashed(kind: type[BaseException], error: BaseException | None, _traceback: TracebackType | None) -> None:
    if not issubclass(kind, (KeyboardInterrupt, SystemExit)):
        structlog.get_logger().critical("ended by an error nobody foresaw", exc_info=error)


class _Libraries(logging.Handler):
    """Libraries' records as JSON lines."""

    def emit(self, record: logging.LogRecord) -> None:
        known = any(record.name == name or record.name.startswith(f"{name}.") for name in LOG_CONNECTIONS_ONLY)
        try:
            words = record.getMessage() if known else str(record.msg)
        except (TypeError, ValueError):
            words = str(record.msg)
        log = structlog.get_logger().error if record.levelno >= logging.ERROR else structlog.get_logger().warning
        log("library", logger=record.name, words=words.splitlines()[0] if words else "", exc_info=record.exc_info)
