"""Publishes what an account or a key may do, and stores it in console's own database in the same transaction."""

from __future__ import annotations

from datetime import datetime

from services.console.store.accounts import Account
from services.console.store.api_keys import ApiKey
from shared.access.people import keep_people
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.console import AccessChanged
from shared.vocabulary.role import Role


def publish_account(tx: Tx, account: Account, at: datetime) -> None:
    _publish(
        tx,
        AccessChanged(
            person_id=account.person_id,
            version=account.version,
            name=account.name,
            role=Role(account.role) if account.role else None,
            properties=list(account.properties),
            language=account.language,
            secret_hash=None,
            occurred_at=at,
            sessions_ended=account.sessions_ended,
        ),
        at,
    )


def publish_key(tx: Tx, key: ApiKey, at: datetime) -> None:
    _publish(
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
            grants=list(key.grants),
            expires_at=key.expires_at,
        ),
        at,
    )


def _publish(tx: Tx, changed: AccessChanged, at: datetime) -> None:
    chunk = chunk_of([changed])
    keep_people(tx, chunk, at)
    publish(tx, chunk, at=at)
