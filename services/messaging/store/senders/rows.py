"""How senders are set up. A change is a compare-and-set on the version that was seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from services.messaging.rules.senders import HouseSender
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx

COLUMNS = """sender_id, version, channel, kind, name, hotels, legal_entity, countries, from_name, from_address,
             reply_to, settings, weight, rate, warm_from, warm_first, warm_percent, warm_until, state, made_by, made_at,
             changed_by, changed_at"""
BELIEVED_FOR = timedelta(days=7)  # after it was deleted, what a sender's account posts
SET_UP = """name, hotels, legal_entity, countries, from_name, from_address, reply_to, settings, weight, rate, warm_from,
            warm_first, warm_percent, warm_until, changed_by, changed_at"""


def senders(tx: Tx) -> list[HouseSender]:
    """All but the deleted ones, by channel and name."""
    return tx.rows(
        HouseSender, f"select {COLUMNS} from sender where state <> 'deleted' order by channel, name, sender_id"
    )


def sender(tx: Tx, sender_id: UUID) -> HouseSender | None:
    """A deleted one too."""
    return next(iter(tx.rows(HouseSender, f"select {COLUMNS} from sender where sender_id = %s", [sender_id])), None)


def names_of(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, str]:
    return dict(tx.execute("select sender_id, name from sender where sender_id = any(%s)", [list(ids)]).fetchall())


def secrets_of(tx: Tx, ids: Sequence[UUID]) -> dict[UUID, Sealed]:
    """By sender, what it is asked with; those without a secret are left out."""
    query = "select sender_id, secret_sealed from sender where sender_id = any(%s) and secret_sealed is not null"
    return {sender_id: Sealed(secret) for sender_id, secret in tx.execute(query, [list(ids)])}


def secrets_of_account(tx: Tx, account: str, now: datetime) -> list[Sealed]:
    """Of the senders at an account of Twilio's, and of those that were deleted not long ago: receipts still come."""
    query = """
        select secret_sealed from sender
        where kind = 'twilio' and settings ->> 'account' = %(account)s and secret_sealed is not null
        union select secret_sealed from ended_sender where account = %(account)s and ended_at > %(since)s
        order by secret_sealed
    """
    return [Sealed(secret) for (secret,) in tx.execute(query, {"account": account, "since": now - BELIEVED_FOR})]


def keep_what_it_signs_with(tx: Tx, sender_id: UUID, at: datetime) -> None:
    """Of a sender at Twilio that is about to be deleted."""
    tx.execute(
        """
        insert into ended_sender (sender_id, account, secret_sealed, ended_at)
        select sender_id, settings ->> 'account', secret_sealed, %(at)s from sender
        where sender_id = %(sender_id)s and kind = 'twilio' and secret_sealed is not null
        on conflict do nothing
        """,
        {"sender_id": sender_id, "at": at},
    )


def sealed_for_receivers(tx: Tx, secret: Sealed) -> Sealed:
    """What an account signs with, for whoever takes what guests write to it."""
    return tx.keyring.seal(tx.keyring.open(secret, Sealing.SENDER), Sealing.RECEIVER)


def add(tx: Tx, new: HouseSender, secret: Sealed | None) -> None:
    tx.execute(
        f"""
        insert into sender ({COLUMNS}, secret_sealed)
        values (%(sender_id)s, %(version)s, %(channel)s, %(kind)s, %(name)s, %(hotels)s, %(legal_entity)s,
                %(countries)s, %(from_name)s, %(from_address)s, %(reply_to)s, %(settings)s, %(weight)s, %(rate)s,
                %(warm_from)s, %(warm_first)s, %(warm_percent)s, %(warm_until)s, %(state)s, %(made_by)s, %(made_at)s,
                %(changed_by)s, %(changed_at)s, %(secret)s)
        """,
        {**_values(new), "secret": secret},
    )


def change(tx: Tx, changed: HouseSender, secret: Sealed | None) -> bool:
    """To the version after the one of `changed`; without a `secret` the old one stays. False where somebody was
    faster, or deleted it."""
    return bool(
        tx.execute(
            f"""
            update sender set version = version + 1, secret_sealed = coalesce(%(secret)s, secret_sealed),
                ({SET_UP}) = (%(name)s, %(hotels)s, %(legal_entity)s, %(countries)s, %(from_name)s, %(from_address)s,
                              %(reply_to)s, %(settings)s, %(weight)s, %(rate)s, %(warm_from)s, %(warm_first)s,
                              %(warm_percent)s, %(warm_until)s, %(changed_by)s, %(changed_at)s)
            where sender_id = %(sender_id)s and version = %(version)s and state <> 'deleted'
            """,
            {**_values(changed), "secret": secret},
        ).rowcount
    )


def change_state(tx: Tx, sender_id: UUID, state: str, by: str, at: datetime) -> bool:
    """What is deleted keeps no secret, and comes back no more."""
    return bool(
        tx.execute(
            """
            update sender set state = %(state)s, changed_by = %(by)s, changed_at = %(at)s,
                version = version + (%(state)s = 'deleted')::int,
                secret_sealed = case when %(state)s <> 'deleted' then secret_sealed end
            where sender_id = %(sender_id)s and state not in (%(state)s, 'deleted')
            """,
            {"sender_id": sender_id, "state": state, "by": by, "at": at},
        ).rowcount
    )


def _values(one: HouseSender) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__} | {"settings": Jsonb(one.settings)}
