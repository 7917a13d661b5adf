"""Asks the processes of this installation: other services' pages through the gateway, and the health of a role.

Their address stands in the operator's settings and in nobody's data, and is private as a rule. No proxy is used: a
reader's cookie is nothing for the proxy by which this machine reaches the world.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Mapping
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError

LONGEST = 4 * 1024 * 1024


class Unanswered(OSError):
    """A process of this installation is not there, too slow, or answered nothing that can be read."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_named: Any) -> None:
        return None


_straight = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())


def ask_inside(url: str, headers: Mapping[str, str] | None = None, *, patience: float) -> tuple[int, bytes]:
    """Status and body, the body up to 4 MB. `patience`: seconds for each step of the exchange. Raises `Unanswered`."""
    try:
        with _straight.open(urllib.request.Request(url, headers=dict(headers or {})), timeout=patience) as answer:
            status, body = answer.status, answer.read(LONGEST + 1)
    except HTTPError as error:
        with error:
            return error.code, error.read(LONGEST)
    except (OSError, HTTPException, ValueError) as error:
        raise Unanswered(str(error)) from error
    if len(body) > LONGEST:
        raise Unanswered(f"an answer of more than {LONGEST} bytes")
    return status, body
