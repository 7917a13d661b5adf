"""How systems with OAuth 2 are told who asks for a token (RFC 6749, 2.3.1), and what they answer (5.1)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from services.segments.systems import values as read
from services.segments.systems.question import Token
from services.segments.systems.values import NotRead, part

LONGEST = 86_400  # seconds


def client_of(credentials: Mapping[str, str]) -> str:
    """The header `Authorization` of a client with its secret."""
    pair = f"{credentials['client_id']}:{credentials['client_secret']}"
    return "Basic " + base64.b64encode(pair.encode()).decode()


def token_in(answer: Any, now: datetime) -> Token:
    """Raises `NotRead`."""
    lasts = read.amount(part(answer).get("expires_in"))
    if lasts is None:
        raise NotRead("expires_in")
    until = now + timedelta(seconds=min(int(lasts), LONGEST))
    return Token(read.needed(part(answer).get("access_token"), "access_token"), until)
