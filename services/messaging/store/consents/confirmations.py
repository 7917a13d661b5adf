"""Consents that guests are asked to confirm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database.pool import Tx


@dataclass(frozen=True)
class Confirmation:
    """`second_message_id`: of the message that asked once more. `hotel`: the guest's; `spoken`: their language."""

    id: UUID
    guest_id: UUID
    channel: str
    purpose: str
    proof_sealed: str
    said_at: datetime
    asked_at: datetime
    expires_at: datetime
    message_id: UUID
    second_message_id: UUID | None
    confirmed_at: datetime | None
    hotel: str | None
    spoken: str
    gone: str | None


FOUND = """
    select confirmation.id, confirmation.guest_id, channel, purpose, proof_sealed, said_at, asked_at, expires_at,
           message_id, second_message_id, confirmed_at, home_property as hotel,
           coalesce((select language from guest_wish where guest_id = confirmation.guest_id), language) as spoken, gone
    from confirmation join recipient using (guest_id)
"""


WAITING_ON = f"""
    {FOUND}
    where confirmed_at is null and channel = %(channel)s and asked_at <= %(at)s and expires_at > %(at)s
      and exists (select from delivery
                  where delivery.point = %(point)s and delivery.message_id in (message_id, second_message_id)
                    and delivery.state in ('sent', 'unknown'))
      and confirmation.guest_id in (select guest_id from recipient_point where point = %(point)s)
    order by confirmation.id for update of confirmation
"""


def of_message(tx: Tx, message_id: UUID) -> Confirmation | None:
    """By the message whose link was opened, locked."""
    query = FOUND + "where %(id)s in (message_id, second_message_id) for update of confirmation"
    found = tx.rows(Confirmation, query, {"id": message_id})
    return found[0] if found else None


def waiting_on(tx: Tx, channel: str, point: str, at: datetime) -> list[Confirmation]:
    """Those that a message asks for which went to this contact point before, and that are not confirmed yet; locked."""
    return tx.rows(Confirmation, WAITING_ON, {"channel": channel, "point": point, "at": at})


def of_guest(tx: Tx, guest_id: UUID) -> list[Confirmation]:
    """Those that are not confirmed yet, the latest first."""
    query = FOUND + "where confirmation.guest_id = %s and confirmed_at is null order by asked_at desc limit 20"
    return tx.rows(Confirmation, query, [guest_id])


def is_asked(tx: Tx, guest_id: UUID, channel: str, purpose: str, at: datetime) -> bool:
    """Whether the guest has a link by which they may still confirm it."""
    query = """
        select from confirmation where (guest_id, channel, purpose) = (%s, %s, %s) and confirmed_at is null
            and expires_at > %s
    """
    return tx.execute(query, [guest_id, channel, purpose, at]).fetchone() is not None


def lock(tx: Tx, guest_id: UUID, confirmation_id: UUID) -> Confirmation | None:
    query = FOUND + "where confirmation.guest_id = %s and confirmation.id = %s for update of confirmation"
    found = tx.rows(Confirmation, query, [guest_id, confirmation_id])
    return found[0] if found else None


def add(tx: Tx, params: Mapping[str, Any]) -> None:
    tx.execute(
        """
        insert into confirmation
            (id, guest_id, channel, purpose, proof_sealed, said_at, asked_at, expires_at, message_id)
        values (%(id)s, %(guest_id)s, %(channel)s, %(purpose)s, %(proof)s, %(said_at)s, %(at)s, %(expires_at)s,
                %(message_id)s)
        on conflict do nothing
        """,
        params,
    )


def ask_again(tx: Tx, params: Mapping[str, Any]) -> None:
    tx.execute(
        """
        update confirmation set second_message_id = %(message_id)s, asked_at = %(at)s, expires_at = %(expires_at)s
        where id = %(id)s
        """,
        params,
    )


def mark_confirmed(tx: Tx, confirmation_id: UUID, at: datetime) -> None:
    tx.execute("update confirmation set confirmed_at = %s where id = %s", [at, confirmation_id])


def mark_pending(tx: Tx, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Where nothing usable stands, and nothing that a guest objected to: the consent is asked to be confirmed. In the
    order of `ConsentChanged`; the ledger has the statement in any case.
    """
    return tx.execute(
        """
        with changed as (
            insert into consent as known (guest_id, channel, purpose, version, state, source, source_ref, said_at)
            values (%(guest_id)s, %(channel)s, %(purpose)s, 1, 'pending', 'recorded', %(source_ref)s, %(said_at)s)
            on conflict (guest_id, channel, purpose) do update set
                version = known.version + 1, state = excluded.state, source = excluded.source,
                source_ref = excluded.source_ref, said_at = excluded.said_at, expires_on = null
            where known.state in ('unknown', 'never_asked')
            returning known.*
        ), written as (
            insert into consent_ledger (guest_id, channel, purpose, state, source, source_ref, said_at, recorded_at,
                                        proof_sealed)
            values (%(guest_id)s, %(channel)s, %(purpose)s, 'pending', 'recorded', %(source_ref)s, %(said_at)s, %(at)s,
                    %(proof)s)
        )
        select guest_id, channel, purpose, version, state, source, said_at from changed
        """,
        params,
    ).fetchall()
