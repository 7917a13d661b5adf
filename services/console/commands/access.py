"""What an account or a key may do: said to every service, and kept in console's own database by the same commit."""

from __future__ import annotations

from datetime import datetime

from services.console.store.accounts import Account
from services.console.store.api_keys import ApiKey
from shared.access.people import Role, keep_people
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.console import AccessChanged


def say_account(tx: Tx, account: Account, at: datetime) -> None:
    _say(
        tx,
        AccessChanged(
            person_id=account.person_id,
            version=account.version,
            name=account.name,
            role=account.role,
            properties=list(account.properties),
            language=account.language,
            secret_hash=None,
            occurred_at=at,
            sessions_ended=account.sessions_ended,
        ),
        at,
    )


def say_key(tx: Tx, key: ApiKey, at: datetime) -> None:
    _say(
        tx,
        AccessChanged(
            person_id=key.key_id,
            version=key.version,
            name=key.name,
            role=None if key.ended_at else Role.PROGRAM,
            properties=list(key.properties),
            language=None,
            secret_hash=None if key.ended_at else key.secret_hash.strip(),
            occurred_at=at,
        ),
        at,
    )


def _say(tx: Tx, changed: AccessChanged, at: datetime) -> None:
    chunk = chunk_of([changed])
    keep_people(tx, chunk, at)
    publish(tx, chunk, at=at)
