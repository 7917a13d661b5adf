"""Between the first factor and the second: a cookie that opens nothing but the form for the second."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from flask import session

from services.console.store import accounts
from services.console.store.accounts import Account
from shared.database.pool import Tx

LASTS = timedelta(minutes=10)


@dataclass(frozen=True)
class HalfSession:
    account: Account
    next_page: str


def begin(account: Account, at: datetime, next_page: str) -> None:
    """Nothing is taken over from the session before, but the language."""
    language = session.get("language")
    session.clear()
    session["half"] = {
        "person": str(account.person_id),
        "sessions_ended": account.sessions_ended,
        "ends": int((at + LASTS).timestamp()),
        "next": next_page,
    }
    if language:
        session["language"] = language


def at_hand(tx: Tx, at: datetime) -> HalfSession | None:
    """None without one, after its end, or where the account's sessions were ended meanwhile."""
    half = session.get("half")
    if not half or at.timestamp() >= half["ends"]:
        return None
    account = accounts.by_id(tx, UUID(half["person"]))
    if account is None or account.role is None or account.sessions_ended != half["sessions_ended"]:
        return None
    return HalfSession(account, half["next"])
