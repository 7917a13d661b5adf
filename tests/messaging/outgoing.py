"""Messages for the tests of senders."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.messaging.channels.sender import Outgoing
from shared.ids import make_id

AT = datetime(2016, 5, 12, 9, 0, tzinfo=UTC)


def mail(number: int = 1, **changes: Any) -> Outgoing:
    fields: dict[str, Any] = {
        "message_id": make_id("message", number),
        "channel": "email",
        "to": f"guest{number}@mail.example.com",
        "subject": "How was it?",
        "text": "Dear Anna,\n\nhow was it?\n",
        "html": "<p>Dear Anna,</p><p>how was it?</p>",
        "at": AT,
        "purpose": "feedback",
        "from_name": "Casa Alfama",
        "unsubscribe_url": "https://go.alfama.example/u/token",
    }
    return Outgoing(**fields | changes)


def text(number: int = 1, **changes: Any) -> Outgoing:
    fields: dict[str, Any] = {
        "message_id": make_id("message", number),
        "channel": "sms",
        "to": f"+35192000{number:04}",
        "text": "Casa Alfama: How was it, from 0 to 10?",
        "at": AT,
        "purpose": "feedback",
    }
    return Outgoing(**fields | changes)
