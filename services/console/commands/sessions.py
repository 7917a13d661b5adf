"""Sessions begin and end. An ended one is published, so that a copy of its cookie opens nothing in any service."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from services.console.commands.record_audit import record_audit
from services.console.rules.sessions import SignedInBy, device_words, network_words
from services.console.store import accounts, known_devices
from services.console.store import sessions as store
from services.console.store.accounts import Account
from services.console.store.sessions import SessionRow
from shared.access.sessions import keep_ended_sessions
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.console import SessionEnded

KEPT_FOR = timedelta(days=30)
"""How long a session is listed in the table after its end."""


def begin(
    tx: Tx,
    session_id: UUID,
    account: Account,
    how: SignedInBy,
    at: datetime,
    *,
    lasts: timedelta,
    user_agent: str,
    address: str,
    device_id: UUID | None = None,
) -> SessionRow:
    """Somebody has signed in. `session_id`: a random number. `lasts`: until its absolute end."""
    begun = SessionRow(
        session_id=session_id,
        person_id=account.person_id,
        begun_at=at,
        seen_at=at,
        signed_in_by=how,
        device=device_words(user_agent),
        network=network_words(address),
        device_id=device_id,
        ends_at=at + lasts,
    )
    store.forget(tx, at - KEPT_FOR)
    store.add(tx, begun)
    accounts.note_sign_in(tx, account.person_id, at)
    record_audit(tx, account.name, "signed_in", f"person {account.person_id}", {"how": how}, at)
    return begun


def sign_out(tx: Tx, person_id: UUID, session_id: UUID, by: str, at: datetime) -> None:
    """Ends one session of a person in every service; its device stays a known one. Idempotent."""
    _publish(tx, person_id, store.end(tx, person_id, at, only=session_id), by, at)


def end_session(tx: Tx, person_id: UUID, session_id: UUID, by: str, at: datetime) -> None:
    """As `sign_out`, of a session at another device, which is no longer a known one."""
    ended = store.end(tx, person_id, at, only=session_id)
    for session in ended:
        if session.device_id:
            known_devices.revoke(tx, person_id, only=session.device_id)
    _publish(tx, person_id, ended, by, at)


def end_other_sessions(tx: Tx, person_id: UUID, but: UUID, by: str, at: datetime) -> int:
    """Ends all sessions of a person but one, and forgets the other devices; how many sessions that were."""
    return _publish(tx, person_id, end_unpublished(tx, person_id, at, but=but), by, at)


def end_all_sessions(tx: Tx, person_id: UUID, by: str, at: datetime) -> int:
    """Ends all sessions of a person, and forgets their devices; how many sessions that were."""
    return _publish(tx, person_id, end_unpublished(tx, person_id, at), by, at)


def end_everybodys_sessions(tx: Tx, at: datetime) -> int:
    """Ends whatever a backup brought back: a session that was ended since must not live again."""
    return sum(end_all_sessions(tx, person_id, "a restored backup", at) for person_id in store.people_with_one(tx, at))


def end_unpublished(tx: Tx, person_id: UUID, at: datetime, *, but: UUID | None = None) -> list[SessionRow]:
    """Ends the rows of all sessions of a person, or all `but` one, and forgets the devices: for whoever publishes the
    account with a greater `sessions_ended`."""
    stays = store.by_id(tx, but) if but else None
    known_devices.revoke(tx, person_id, but=stays.device_id if stays else None)
    return store.end(tx, person_id, at, but=but)


def _publish(tx: Tx, person_id: UUID, ended: list[SessionRow], by: str, at: datetime) -> int:
    if ended:
        chunk = chunk_of(
            [
                SessionEnded(
                    session_id=one.session_id, person_id=person_id, version=1, ends_at=one.ends_at, occurred_at=at
                )
                for one in ended
            ]
        )
        keep_ended_sessions(tx, chunk, at)
        publish(tx, chunk, at=at)
        record_audit(tx, by, "session.ended", f"person {person_id}", {"sessions": len(ended)}, at)
    return len(ended)
