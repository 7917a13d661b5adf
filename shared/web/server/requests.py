"""Answer one request in a thread, without waiting for its client."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from gunicorn.http import get_parser, wsgi

from shared.web.awaited_body import AWAIT_BODY, BodyAwaited, await_body
from shared.web.server.answers import UnsignedResponse, refusal, status_of_bad_request
from shared.web.server.body_source import BodySource
from shared.web.server.connections import ClientConnection
from shared.web.server.request_bytes import Progress

log = logging.getLogger(__name__)


def answer_request(connection: ClientConnection, config: Any, app: Callable[..., Any], *, is_stopping: bool) -> bool:
    """Whether another request may follow on the connection. Where the app wants the body first, `connection.awaited`
    says so and nothing is answered yet."""
    try:
        if connection.request is None:
            connection.source = BodySource(connection.arrived.taken()[0])
            connection.request = next(get_parser(config, connection.source, connection.address))
        response, environ = _prepared(connection, config)
    except Exception as error:
        return _failed(connection, error)
    if is_stopping:
        response.force_close()
    try:
        _run(app, environ, response)
    except BodyAwaited as awaited:
        connection.awaited = awaited
        return False
    except Exception as error:
        return False if response.headers_sent else _failed(connection, error)
    return not response.should_close()


def _prepared(connection: ClientConnection, config: Any) -> tuple[Any, dict[str, Any]]:
    request = connection.request
    request._expected_100_continue = False  # said when the body is wanted, by whoever reads it
    if connection.body is not None:
        request.body = connection.body
    response, environ = wsgi.create(
        request, connection.answer, connection.address, connection.server, config, response_class=UnsignedResponse
    )
    environ["wsgi.multithread"] = True
    if connection.arrived.progress() is Progress.LARGE_BODY:
        response.force_close()
        if connection.body is None:
            environ[AWAIT_BODY] = await_body
    return response, environ


def _run(app: Callable[..., Any], environ: dict[str, Any], response: Any) -> None:
    parts = app(environ, response.start_response)
    try:
        for part in parts:
            response.write(part)
        response.close()
    finally:
        if hasattr(parts, "close"):
            parts.close()


def _failed(connection: ClientConnection, error: Exception) -> bool:
    """The connection ends. A client that has gone is no failure."""
    status = status_of_bad_request(error)
    if status is None and not isinstance(error, OSError):
        log.error("a request failed", exc_info=error)
    with suppress(OSError):
        connection.answer.sendall(refusal(status or 500))
    return False
