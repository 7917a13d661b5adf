"""What the signed cookie says of a session: its number, whose it is, when it ends, and when it was last used.

The cookie is the whole session but for one thing: whether it was ended meanwhile, which the database knows. It ends at
a fixed hour however much it is used, and earlier where nobody uses it.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from itsdangerous import URLSafeTimedSerializer

COOKIE = "guestloop"
SEEN_EVERY = timedelta(minutes=5)
"""How exactly the last use is known: the cookie is not written anew at each request."""


@dataclass(frozen=True)
class SessionCookie:
    session_id: UUID
    person_id: UUID
    sessions_ended: int
    ends_at: datetime
    seen_at: datetime

    def is_over(self, now: datetime, idle: timedelta) -> bool:
        """Whether it has ended by itself. `idle`: how long it lasts unused."""
        return now >= min(self.ends_at, self.seen_at + SEEN_EVERY + idle)


def write(session: MutableMapping[str, Any], cookie: SessionCookie) -> None:
    session["id"], session["person"] = str(cookie.session_id), str(cookie.person_id)
    session["sessions_ended"] = cookie.sessions_ended
    session["ends"], session["seen"] = int(cookie.ends_at.timestamp()), int(cookie.seen_at.timestamp())


def read(session: MutableMapping[str, Any]) -> SessionCookie | None:
    """None where nobody is signed in, or the cookie is of a version that numbered no sessions."""
    try:
        return SessionCookie(
            session_id=UUID(session["id"]),
            person_id=UUID(session["person"]),
            sessions_ended=int(session["sessions_ended"]),
            ends_at=datetime.fromtimestamp(session["ends"], UTC),
            seen_at=datetime.fromtimestamp(session["seen"], UTC),
        )
    except (KeyError, TypeError, ValueError):
        return None


def note_use(session: MutableMapping[str, Any], cookie: SessionCookie, now: datetime) -> bool:
    """Notes that the session is in use; whether that was worth writing."""
    if now < cookie.seen_at + SEEN_EVERY:
        return False
    session["seen"] = int(now.timestamp())
    return True


def header_of(cookie: SessionCookie, language: str | None, key: bytes) -> str:
    """The header of a request that comes with this session, signed as Flask signs it: for a role that asks a page as
    somebody. `language`: None for the account's own."""
    told: dict[str, Any] = {"language": language} if language else {}
    write(told, cookie)
    signer = {"key_derivation": "hmac", "digest_method": sha256}
    signed = URLSafeTimedSerializer([key], salt="cookie-session", signer_kwargs=signer).dumps(told)
    text = signed if isinstance(signed, str) else signed.decode()
    return f"{COOKIE}={text}; __Host-{COOKIE}={text}"  # whichever the pages are reached by
